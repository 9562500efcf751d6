"""The filters of one analysis, made and run one after the other."""

import os
import time

from csro_files import Failure
from csro_outputs import Watch, field, information
from csro_plugin import load_plugin
from csro_settings import MODELS


class Pipeline:
    """The filters of one analysis, the seconds of each step, the first error of each update."""

    def __init__(self, settings, meter):
        from paraview import simple
        self.simple = simple
        self.settings = settings
        self.meter = meter
        self.begin = time.perf_counter()
        self.seconds = dict.fromkeys(
            ("read", "voxelize", "zsdm", "classify", "extract", "cluster", "detect", "compare", "total"), 0.0)
        if getattr(settings, "sensitivity", False):
            self.seconds["sensitivity"] = 0.0
        if getattr(settings, "statistics", False):
            self.seconds["statistics"] = 0.0
        self.errors = []
        self.warnings = []  # of all filters, each once
        self.made = []
        self.watches = []
        self.current = None  # the proxy that is updated
        if simple.servermanager.ActiveConnection.IsRemote():
            raise Failure("the data are on a server: run the analysis there, with pvbatch")
        self.filters = load_plugin()

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        for watch in self.watches:
            watch.end()
        self.watches = []
        if error:
            self.release(*reversed(self.made))

    def watch(self, proxy):
        def on_progress(part):
            if proxy is self.current:
                self.meter.within(part)
        self.watches.append(Watch(proxy, self.errors, on_progress, self.warnings))

    def run(self, step, proxy, share=1.0):
        """Updates a proxy; its error becomes a Failure."""
        begin = time.perf_counter()
        self.watch(proxy)
        self.current = proxy
        self.meter.start(step, share)
        proxy.UpdatePipeline()
        self.current = None
        self.seconds[step] += time.perf_counter() - begin
        if self.errors:
            raise Failure(self.errors[0])
        if proxy.GetClientSideObject().GetAbortExecute():
            raise Failure("cancelled by the user")
        self.meter.end()

    def update(self, step, name, share=1.0, **properties):
        """Makes a filter and runs it."""
        proxy = getattr(self.filters, name)(**properties)
        self.made.append(proxy)
        if self.settings.threads:
            proxy.Threads = self.settings.threads
        self.run(step, proxy, share)
        return proxy

    def named(self, name, proxy):
        """The proxy, with this name in the pipeline browser."""
        self.simple.RenameSource(name, proxy)
        return proxy

    def release(self, *proxies):
        """Frees what these filters have made; those that use it go first."""
        for proxy in proxies:
            for watch in [watch for watch in self.watches if watch.proxy is proxy]:
                watch.end()
                self.watches.remove(watch)
            self.made = [other for other in self.made if other is not proxy]
            self.simple.Delete(proxy)

    # --- the steps ---

    def read(self):
        settings = self.settings
        if settings.configuration is not None:
            atoms = self.update("read", "APTReader", 0.3, FileName=os.fspath(settings.configuration), RangesFileName="")
            return self.update("read", "SimulateConfiguration", 0.7, Input=atoms)
        if settings.ions is None:
            return self.update("read", "SimulateRealisticAPT")
        if not settings.is_source:
            return self.read_file(settings.ions)
        self.run("read", settings.ions, 0.5 if settings.ranges else 1)
        if not settings.ranges:
            return settings.ions
        return self.update("read", "RangeIons", 0.5, Input=settings.ions, RangesFileName=os.fspath(settings.ranges))

    def read_file(self, path):
        return self.update("read", "APTReader", FileName=os.fspath(path),
                           RangesFileName=os.fspath(self.settings.ranges or ""))

    def model(self):
        """Properties that the model asks for, of Classify CSRO, Voxelize APT and Compute ZSDM."""
        name = self.settings.model
        if name not in MODELS:
            return {"ModelFile": os.fspath(name)}, {}, {}
        text, voxels, curves = MODELS[name]
        return {"ShippedModel": text}, voxels, curves

    def classify(self, ions):
        """Voxels, curves and probabilities of one set of ions."""
        settings = self.settings
        model, of_voxels, of_curves = self.model()
        if settings.box:
            of_voxels = {**of_voxels, "BoxMode": "Given", "BoxText": settings.box}
        voxels = self.update("voxelize", "VoxelizeAPT", Input=ions, **of_voxels)
        curves = self.update("zsdm", "ComputeZSDM", Input=ions, Voxels=voxels, Pairs=settings.pairs or "",
                             KeepCurves=int(settings.curves), **of_curves)
        if not settings.curves:
            model = {"Ions": ions, **model}
        classified = self.update("classify", "ClassifyCSRO", Input=curves, **model,
                                 ReferenceMode=int(settings.reference), Force=int(settings.force))
        return voxels, curves, classified

    def cluster(self, ions, classified=None, score=None, share=1.0):
        properties = {"Input": ions, "ReferenceMode": int(self.settings.reference)}
        if classified:
            properties.update(Pixels=self.simple.OutputPort(classified, 1), ScoreArray=score,
                              Threshold=field(classified, "ScoreThreshold", 1)[0])
        domains = self.update("cluster", "ClusterDomains", share, **properties)
        extract = information(domains, "ExtractSeconds")
        self.seconds["extract"] += extract
        self.seconds["cluster"] -= extract
        return domains

    def attempt(self, step, name, share, **properties):
        """Makes a filter and runs it: the proxy and None, or None and the text of its error. The published chain goes
        on without it."""
        made = len(self.made)
        try:
            return self.update(step, name, share, **properties), None
        except Failure as failure:
            self.release(*reversed(self.made[made:]))
            self.errors.clear()
            self.meter.end()
            return None, str(failure)

    def order(self, ions, voxels):
        """Detect Order, of all species."""
        return self.attempt("detect", "DetectOrder", 1, Input=ions, Voxels=voxels,
                            Force=int(self.settings.force), Seed=self.settings.seed, **self.settings.rules)

    def detect(self, step, ions, voxels, species, share, **more):
        """Detect Order for one species."""
        return self.update(step, "DetectOrder", share, Input=ions, Voxels=voxels, Species=species,
                           Force=int(self.settings.force), Seed=self.settings.seed, **self.settings.rules, **more)

    def inject(self, ions, voxels, order, element, seed, share, **planted):
        """Inject Order, and what Detect Order finds then, with the noise that `order` has used. Makes two filters."""
        noise = field(order, "SigmaXY_nm", 1)[0]
        injected = self.update("sensitivity", "InjectOrder", share / 3, Input=ions, Species=element, Seed=seed,
                               SigmaXY=noise, **planted)
        found = self.detect("sensitivity", injected, voxels, element, 2 * share / 3, SigmaXY=noise)
        return injected, found

    def compare(self, domains, counts):
        """The domains against the size histograms of copies, of which nothing else is left."""
        histograms = [count for copy in counts for count in copy["size_histogram"]]
        return self.update("compare", "CompareDomains", Domains=domains, CopyHistograms=histograms)

    def compare_with_copies(self, domains, ions, copies, share):
        """The domains against copies that the filter makes of the ions."""
        return self.update("compare", "CompareDomains", share, Domains=domains, Ions=ions, Copies=copies,
                           Seed=self.settings.seed, **self.settings.rules)
