"""Learning by Keras: one call of `fit`, with images in an order of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mnist_core.datasets import Split
from mnist_core.recipes import Recipe
from mnist_core.training.learners.learner import Learner, Watch

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

STEPS_PER_EXECUTION = 20
"""Steps that TensorFlow takes without returning to Python; 0.7 of the time of one by one."""

WARM_UP = 0.2
"""Share of all steps over which a recipe's learning rate rises to its peak."""


class KerasLearner(Learner):
    """A Keras model trained on cross-entropy with a Keras optimizer."""

    def __init__(self, recipe: Recipe, split: Split, *, seed: int) -> None:
        import keras
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
        keras.utils.set_random_seed(seed)
        self.recipe = recipe
        self.steps = -(-len(split) // recipe.batch_size)
        self.compiled = recipe.build(split.n_classes)
        self.compiled.compile(
            optimizer=_optimizer(recipe, self.steps),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            steps_per_execution=STEPS_PER_EXECUTION,
            jit_compile=False,  # on a CPU it makes an epoch four times as slow
        )
        # A second model on the same layers, not compiled: saved without optimizer state.
        trained = self.compiled
        self.model = keras.Model(trained.inputs, trained.outputs, name=trained.name)
        self.batches, self.epoch = epochs_of(split, recipe, seed)

    def fit(self, *, done: int, watch: Watch) -> None:
        import keras

        def begin(epoch: int, logs: object = None) -> None:
            self.epoch.assign(epoch + 1)
            watch.begin(epoch + 1)

        def step(step: int, logs: object = None) -> None:
            # Keras counts whole executions, the last of which may have fewer steps.
            watch.step(min(step + 1, self.steps))

        def end(epoch: int, logs: dict[str, float]) -> None:
            loss, accuracy = float(logs["loss"]), float(logs["accuracy"])
            enough = watch.end(epoch + 1, loss=loss, accuracy=accuracy)
            self.compiled.stop_training = enough

        callback = keras.callbacks.LambdaCallback(
            on_epoch_begin=begin, on_train_batch_end=step, on_epoch_end=end
        )
        self.compiled.fit(
            self.batches,
            initial_epoch=done,
            epochs=self.recipe.max_epochs,
            shuffle=False,
            callbacks=[callback],
            verbose=0,
        )

    def state(self) -> dict[str, np.ndarray]:
        return {f"variable_{i}": v.numpy() for i, v in enumerate(self._variables())}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        for i, variable in enumerate(self._variables()):
            variable.assign(state[f"variable_{i}"])

    def _variables(self) -> list[keras.Variable]:
        """Weights, states of random generators, optimizer."""
        optimizer = self.compiled.optimizer
        optimizer.build(self.compiled.trainable_variables)
        return self.compiled.variables + optimizer.variables


def _optimizer(recipe: Recipe, steps: int) -> keras.Optimizer:
    import keras

    optimizer = keras.optimizers.get(recipe.optimizer)
    if recipe.peak_learning_rate is None:
        return optimizer
    all_steps = steps * recipe.max_epochs
    rising = max(1, round(WARM_UP * all_steps))
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0,
        decay_steps=max(1, all_steps - rising),
        warmup_target=recipe.peak_learning_rate,
        warmup_steps=rising,
    )
    return type(optimizer)(learning_rate=schedule)


def epochs_of(split: Split, recipe: Recipe, seed: int) -> tuple[tf.data.Dataset, tf.Variable]:
    """A data set that gives every image once, in an order that depends on seed and epoch alone.

    Returns:
        The batches, augmented where the recipe says so, and the variable that holds the epoch, to
        be set before each pass.
    """
    import tensorflow as tf

    images, labels = tf.constant(split.images), tf.constant(split.labels)
    epoch_variable = tf.Variable(1, dtype=tf.int64)
    n_batches = -(-len(split) // recipe.batch_size)

    def order(_: tf.Tensor) -> tf.data.Dataset:
        key = tf.stack([tf.constant(seed, tf.int64), epoch_variable])
        shuffled = tf.random.experimental.stateless_shuffle(tf.range(len(split)), seed=key)
        return tf.data.Dataset.from_tensor_slices(shuffled).batch(recipe.batch_size)

    def gather(number: tf.Tensor, positions: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        batch = tf.gather(images, positions)
        if recipe.augmentation is not None:
            batches_before = epoch_variable * n_batches + number
            batch = recipe.augmentation(
                batch, tf.stack([tf.constant(seed, tf.int64), batches_before])
            )
        return batch, tf.gather(labels, positions)

    batches = tf.data.Dataset.range(1).flat_map(order).enumerate().map(gather)
    counted = batches.apply(tf.data.experimental.assert_cardinality(n_batches))
    return counted.prefetch(4), epoch_variable
