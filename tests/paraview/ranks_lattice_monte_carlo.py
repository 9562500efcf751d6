"""Runs are shared out to the ranks; tables and configuration are the same for any number of them."""
import sys

from collect import save_image, save_points, save_table
from harness import simple

source = simple.LatticeMonteCarlo(Cells=[4, 4, 8], Temperatures=[1000, 500], Equilibration=5, Sweeps=40, Runs=4, Shells=2)
save_points(sys.argv[1], 'ions', source)
save_table(sys.argv[1], 'temperatures', source, 1)
save_table(sys.argv[1], 'shells', source, 2)
diffuse = simple.DiffuseIntensity(Input=simple.OutputPort(source, 3))
save_image(sys.argv[1], 'plane', diffuse, 1)
save_table(sys.argv[1], 'maxima', diffuse, 3)
