"""EvaluateDetection on any number of ranks; an error ends all of them."""
import sys

from collect import save_table
from harness import Errors, check, simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=8, SigmaXY=0.15, SigmaZ=0.02, Diameter=[1.4, 2.6])
curves = simple.ComputeZSDM(Input=specimen, Voxels=simple.VoxelizeAPT(Input=specimen), Pairs='Ni-Ni')
classified = simple.ClassifyCSRO(Input=curves)
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1), Threshold=2)
evaluated = simple.EvaluateDetection(Input=classified, DomainIons=domains, TrueDomains=simple.OutputPort(specimen, 1),
                                     Domains=simple.OutputPort(domains, 1), RankColumn='Size')
save_table(folder, 'truth', specimen, 1)
for port, name in enumerate(('roc', 'calibration', 'classes', 'ranked')):
    save_table(folder, name, evaluated, port)

# The reports may be spread over the ranks: here every ion's true domain is a report of its own.
spread = simple.Calculator(Input=specimen, ResultArrayName='DomainId', Function='TrueDomainId')
perfect = simple.EvaluateDetection(Input=classified, DomainIons=spread, TrueDomains=simple.OutputPort(specimen, 1))
save_table(folder, 'perfect', perfect, 3)
errors = Errors(evaluated)
evaluated.RankColumn = 'Nothing'
evaluated.UpdatePipeline()
check(all('no column of numbers Nothing' in text for text in errors.texts), errors.texts)
