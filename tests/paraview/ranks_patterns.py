"""The bank is on the first rank, the same for any number of ranks."""
import sys

from collect import save_table
from harness import simple

bank = simple.PatternBank(Limit=50)
save_table(sys.argv[1], 'patterns', bank)
save_table(sys.argv[1], 'means', bank, 1)
