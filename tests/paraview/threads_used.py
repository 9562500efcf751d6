"""What test_threads.py runs: prints the threads that filters take, and those of OpenBLAS around them."""
import ctypes
import os

from paraview import simple

simple.LoadPlugin(os.environ['CSRO_PLUGIN'], ns=globals())
specimen = SimulateAPT(Shape='Box', Width=[4, 4], Height=6)
specimen.UpdatePipeline()
blas = ctypes.CDLL('libopenblas.so.0')
blas.openblas_set_num_threads(3)
classified = ClassifyCSRO(Input=ComputeZSDM(Input=specimen, Voxels=VoxelizeAPT(Input=specimen), Pairs='Ni-Ni'))
classified.UpdatePipeline()
ExplainCSRO(Input=classified, VoxelIds=[430, 400]).UpdatePipeline()
asked = SimulateAPT(Shape='Box', Width=[4, 4], Height=6, Threads=5)
asked.UpdatePipeline()
for proxy in specimen, classified, asked:
    proxy.UpdatePropertyInformation()
print('threads', specimen.GetProperty('ThreadsUsed').GetElement(0), classified.GetProperty('ThreadsUsed').GetElement(0),
      asked.GetProperty('ThreadsUsed').GetElement(0), blas.openblas_get_num_threads())
