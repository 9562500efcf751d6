"""Profiles, maps and proximity on any number of ranks."""
import sys

from collect import save_image, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[7, 7], Height=8, SigmaXY=0.2, SigmaZ=0.02)
domains = simple.ClusterDomains(Input=simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0,
                                                       UpperThreshold=2500), Eps=0.4, MinSamples=12)
save_table(folder, 'profile', simple.Profile(Input=specimen, Domains=domains, Direction=[1, 2, 3], Width=0.5))
save_table(folder, 'near_domains', simple.ProximityHistogram(Input=specimen, Surface=domains, Reach=1.5))
maps = simple.DensityMaps(Input=specimen, Spacing=1)
save_image(folder, 'maps', maps)
save_image(folder, 'flat', simple.DensityMaps(Input=specimen, Projection='Along z', Delocalisation=0.5))
hits = simple.PythonCalculator(Input=specimen, ArrayName='IonsPerPulse', ArrayAssociation='Point Data',
                               Expression='((numpy.asarray(IonId) % 7) % 3 == 1) * 3.0')
save_image(folder, 'multiple_hits', simple.MassSpectrum(Input=hits, PairWidth=1), 1)
detected = simple.PythonCalculator(Input=specimen, ArrayName='Detector Coordinates', ArrayAssociation='Point Data',
                                   Expression='3 * numpy.asarray(inputs[0].Points)[:, :2]')
save_image(folder, 'detector', simple.DensityMaps(Input=detected, Projection='Detector', Spacing=2))
