"""The copy of any number of ranks is the same."""
import sys

from collect import save_points, save_table
from harness import simple

folder = sys.argv[1]
specimen = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=6)
copy = simple.RandomizeIons(Input=specimen)
save_points(folder, 'copy', copy)
domains = simple.Calculator(Input=specimen, ResultArrayName='DomainId', Function='TrueDomainId')
other = simple.Calculator(Input=copy, ResultArrayName='DomainId', Function='floor(TrueDomainId / 2)')
compared = simple.CompareDomains(Domains=domains, Copies=[other])
save_table(folder, 'statistics', compared)
save_table(folder, 'histograms', compared, 1)
