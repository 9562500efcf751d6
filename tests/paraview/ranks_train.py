"""The training of the first rank is the same with others beside it, and an error ends all of them."""
import os
import sys

from collect import save_table
from harness import Errors, check, simple

from bank import bank_table, source

folder = sys.argv[1]
path = os.path.join(folder, os.pardir, os.path.basename(folder) + '.xml')
trained = simple.TrainClassifier(Input=source(bank_table(300)), ModelFile=path, Folds=2, Epochs=2, Threads=1,
                                 Architecture='conv 4 5, pool 4')
save_table(folder, 'history', trained)
save_table(folder, 'roc', trained, 1)
check(os.path.exists(path))
errors = Errors(trained)
trained.Folds = 60
trained.UpdatePipeline()
check(all('too few for 60 folds' in text for text in errors.texts), errors.texts)
