"""The library beneath MNIST Lens: data sets, runs, predictions and what follows from them.

Where to look:

- `errors`: every error a caller can meet, as a tree.
- `datasets`: `Dataset`, `Split` and the list `DATASETS`.
- `recipes`: `Recipe` and the list `RECIPES`: how to build, train and stop a model.
- `training`: `train(recipe, dataset, …)`, resumable after a kill at any moment.
- `runs`: `Run`, `Checkpoint` and the history, as they lie in the models folder.
- `prediction`: `predict(checkpoint, images)` and its cache on disk.
- `evaluation`: `Answers`, what a model answered to a split and all that follows from it.
- `shapes`: `Measure` and the list `MEASURES`: what can be measured of an image's ink.
- `dossier`: what is known of the images of a cell of the confusion matrix, or of all mistakes.
- `statistics`: intervals and tests, what chance alone explains; `trend`, where a series rises.
- `learning_histories`: what a run learned when, what it forgot, and what it never knew.
- `seeds`: the runs that differ by their seed alone; `calibrated`: what perfect calibration shows.
- `suspects`: labels ranked by what models that did not train on the images make of them.
- `cross_validation`: such models for training images, fold by fold.
- `distributions`: what a split consists of, and how alike two splits are.
- `explainers`: `Attribution` and the list `EXPLAINERS`: which pixels moved the output.
- `feature_maps`: what each layer answers to one image, its filters, the model's layers.
- `neighbours`: the digits that lie nearest to an image, by the input of the last layer.
- `pictures`: the one door for PNG and JPEG files: header checked, then decoded.
- `sketch`: any picture of a digit as one image in MNIST's format.
- `triage`: the causes of errors that an analyst found; `triage_csv`, the same as a table.
- `atomic`: files that are written whole or not at all; `cache_files`: those of the cache folder;
  `content`: what tells files apart.
- `safe_files`: the door to files that strangers may have put there; `zip_files`, to archives.
- `deadline`: calls that answer in time or are given up.
- `arrays`, `damage`, `quiet`: read-only arrays, errors of damaged files, TensorFlow's notices.
- `settings`: where data, models, caches and notes lie.
- `cli`: the command line, `mnist-lens`.
"""
