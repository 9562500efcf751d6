"""The copy of any number of ranks is the same."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=6)
copy = simple.RandomizeIons(Input=specimen)
save_points(folder, 'copy', copy)
# with ions that are not ranged, and in neighbourhoods
partly = simple.Calculator(Input=specimen, ResultArrayName='Species', ResultArrayType='Unsigned Short',
                           Function='if(MassToCharge > 59, 0, Species)')
save_points(folder, 'ranged', simple.RandomizeIons(Input=partly))
for exchange in 'Ranged ions', 'All ions':
    near = simple.RandomizeIons(Input=partly, Exchange=exchange, Within='Neighbourhoods', NeighbourhoodIons=300)
    save_points(folder, 'near_' + exchange[:3], near)
domains = simple.Calculator(Input=specimen, ResultArrayName='DomainId', Function='TrueDomainId')
other = simple.Calculator(Input=copy, ResultArrayName='DomainId', Function='floor(TrueDomainId / 2)')
compared = simple.CompareDomains(Domains=domains, GivenCopies=[other])
save_table(folder, 'statistics', compared)
save_table(folder, 'histograms', compared, 1)
