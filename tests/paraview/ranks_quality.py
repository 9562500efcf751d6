"""The judgement of data on any number of ranks."""
import sys

from collect import save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=12, Tilt=2)
save_table(folder, 'whole', simple.DataQuality(Input=specimen, NominalComposition='Ni 1, Co 1, Cr 1'))
first = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0, UpperThreshold=9000)
hits = simple.Calculator(Input=specimen, ResultArrayName='IonsPerPulse', Function='if(IonId < 9000, 2, 1)')
save_table(folder, 'hits', simple.DataQuality(Input=hits))
save_table(folder, 'first', simple.DataQuality(Input=first))
