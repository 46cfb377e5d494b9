"""The library beneath MNIST Lens: data sets, runs, answers and what follows from them.

Where to look, from the ground up:

- `errors`: every error a caller can meet, as a tree.
- `settings`: where data, models, caches and notes lie.
- `statistics`: intervals and tests.
- `formatting`: numbers, shares and intervals as people write them.
- `arrays`, `image_size`, `quiet`: read-only arrays; 28×28; TensorFlow without its notices.
- `apart`: work in a process of its own.
- `files`: written whole or not at all, read without trust, and those of the cache folder.
- `datasets`: `Dataset`, `Split` and the list `DATASETS`.
- `shapes`: `Measure` and the list `MEASURES`: what can be measured of an image's ink.
- `pictures`: the one door for PNG and JPEG files; any picture of a digit in MNIST's format.
- `answers`: `Answers`, what a model answered to a split, and all that follows from it.
- `recipes`: `Recipe` and the list `RECIPES`: how to build, train and stop a model.
- `runs`: `Run`, `Checkpoint` and the history, as they lie in the models folder.
- `inference`: models opened and at work: `predict`, `read_digit`, feature maps, neighbours.
- `training`: `train(recipe, dataset, …)`, resumable after a kill at any moment.
- `explainers`: `Attribution` and the list `EXPLAINERS`: which pixels moved the output.
- `twins`: images of two splits that are the same but for a shift by a pixel and light noise.
- `suspects`: labels ranked by what models that did not train on the images make of them.
- `queries`: conditions over what is known of each image.
- `sets`: sets of images, by a query or picked by hand.
- `slices`: groups of images in which a run errs beyond chance, found by themselves.
- `triage`: the causes of errors that an analyst found, their file, and the same as a table.
- `own`: digits of one's own: pictures taken in and labelled by their names.
- `adding`: data sets made of files from elsewhere.
- `importing`: runs made of models that were trained elsewhere.
- `maps`: `Map`, the images of a split as points, by what a model's last layer sees of them.
- `results`: the results of all runs as a document.
- `commands`: the command line, `mnist-lens`, one file a command.

Which of them may import which stands in docs/architecture.md.
"""
