"""What test_server.py runs in pvpython: connects to the server, runs the pipeline there, writes a picture of the domains
and prints the counts."""
import os

from paraview import simple

simple.Connect('127.0.0.1', int(os.environ['CSRO_PORT']))
simple.LoadPlugin(os.environ['CSRO_PLUGIN'], remote=False, ns=globals())
simple.LoadPlugin(os.environ['CSRO_PLUGIN'], remote=True, ns=globals())


def read_on_the_server():
    """Range files are looked for where the ions are read: only the server's folder gives the name a meaning."""
    reader = APTReader(FileName='ions.pos')
    assert os.path.basename(reader.RangesFileName) == 'IONS.rrng', reader.RangesFileName
    reader.UpdatePipeline()
    assert reader.PointData['Species'].GetRange() == (1, 1), reader.PointData['Species'].GetRange()
    assert APTReader(FileName='ions.pos', RangesFileName='').RangesFileName == ''


def rows(proxy, port=0):
    proxy.UpdatePipeline()
    return simple.OutputPort(proxy, port).GetDataInformation().GetNumberOfRows()


def analyse():
    ions = SimulateAPT(Height=15)
    voxels = VoxelizeAPT(Input=ions)
    curves = ComputeZSDM(Input=ions, Voxels=voxels, Pairs='Ni-Ni')
    classified = ClassifyCSRO(Input=curves)
    classified.UpdatePipeline()
    domains = ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1))
    compared = CompareDomains(Domains=domains, GivenCopies=[ClusterDomains(Input=RandomizeIons(Input=ions))])
    assert rows(compared) == 1
    print('counts', ions.GetDataInformation().GetNumberOfPoints(),
          domains.GetDataInformation().GetNumberOfPoints(), rows(domains, 1), flush=True)
    return domains


def draw(domains):
    """On the server: each rank draws the ions that it has, and the pictures are put together."""
    view = simple.CreateRenderView(ViewSize=[400, 400], OrientationAxesVisibility=0)
    view.RemoteRenderThreshold = 0
    shown = simple.Show(domains, view)
    assert list(shown.ColorArrayName) == ['POINTS', 'DomainId'], shown.ColorArrayName
    if os.environ['CSRO_RANKS'] == '1':  # spheres of several ranks ParaView would not draw whole
        assert shown.Representation == 'Point Gaussian', shown.Representation
        shown.SetRepresentationType('Points')
        shown.PointSize = 4
    assert shown.Representation == 'Points', shown.Representation
    simple.ResetCamera(view)
    simple.SaveScreenshot(os.environ['CSRO_PICTURE'], view)


read_on_the_server()
draw(analyse())
