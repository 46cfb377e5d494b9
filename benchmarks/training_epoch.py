"""How long is an epoch of simple-conv beside an eager loop and beside plain `fit`?"""

from dataclasses import replace

import numpy as np
from side_by_side import say, seconds

from mnist_core import quiet
from mnist_core.datasets import Split, load_dataset
from mnist_core.recipes import RECIPES

N_IMAGES = 10_000
SEED = 0


class Endless:
    """A watch that is asked for one epoch at a time."""

    def begin(self, epoch: int) -> None:
        pass

    def step(self, step: int) -> None:
        pass

    def end(self, epoch: int, *, loss: float, accuracy: float) -> bool:
        return True


def training_images() -> Split:
    dataset = load_dataset("mnist")
    if "train" not in dataset.splits:
        dataset = load_dataset("mnist-5k")
    split = dataset.split("train")
    return Split("train", split.images[:N_IMAGES], split.labels[:N_IMAGES])


def main() -> None:
    quiet.import_keras()
    import keras
    import tensorflow as tf

    from mnist_core.training.learners.keras_fit import KerasLearner, epochs_of

    split = training_images()
    recipe = replace(RECIPES["simple-conv"], max_epochs=1_000)
    learner = KerasLearner(recipe, split, seed=SEED)
    epoch = 0

    def ours() -> None:
        nonlocal epoch
        learner.fit(done=epoch, watch=Endless())
        epoch += 1

    def new_model() -> keras.Model:
        keras.utils.set_random_seed(SEED)
        model = recipe.build()
        model.compile(
            "adam", "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False
        )
        return model

    # The same images in the same order, as the arrays that plain `fit` is mostly given.
    batches, _ = epochs_of(split, recipe, SEED)
    images, labels = (
        np.concatenate(parts) for parts in zip(*batches.as_numpy_iterator(), strict=True)
    )
    plain = new_model()

    def fit() -> None:
        plain.fit(images, labels, batch_size=recipe.batch_size, shuffle=False, verbose=0)

    looped, optimizer = new_model(), keras.optimizers.Adam()
    loss_of = keras.losses.SparseCategoricalCrossentropy()

    def loop() -> None:
        for start in range(0, len(images), recipe.batch_size):
            batch = images[start : start + recipe.batch_size].astype(np.float32)
            with tf.GradientTape() as tape:
                answers = looped(batch, training=True)
                loss = loss_of(labels[start : start + recipe.batch_size], answers)
            gradients = tape.gradient(loss, looped.trainable_variables)
            optimizer.apply_gradients(zip(gradients, looped.trainable_variables, strict=True))

    ours(), fit()
    apart = max(
        float(np.abs(one - other).max())
        for one, other in zip(learner.model.get_weights(), plain.get_weights(), strict=True)
    )
    print(f"After one epoch of {len(split):,} images from the same seed, weights differ by at most")
    print(f"{apart:.1e} between ours and plain fit.")
    found = seconds({"ours": ours, "fit": fit, "loop": loop}, rounds=3)
    say("An epoch of simple-conv", found["ours"], "eager GradientTape loop", found["loop"], 6.0)
    say("An epoch of simple-conv", found["ours"], "plain fit", found["fit"], 1 / 0.8)


if __name__ == "__main__":
    main()
