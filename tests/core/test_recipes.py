"""Every recipe keeps its contract: grey levels in, ten answers out, parameters as stated."""

import numpy as np
import pytest

from mnist_core.errors import RecipeError
from mnist_core.inference.prediction import load_model
from mnist_core.recipes import RECIPES, Recipe, find_recipe
from mnist_core.runs import NAME_PATTERN


@pytest.fixture(params=RECIPES, scope="module")
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return RECIPES[request.param]


@pytest.fixture(scope="module")
def model(recipe):
    return recipe.build()


@pytest.fixture(scope="module")
def grey_levels(mnist_5k) -> np.ndarray:
    """Ten digits, a blank and a black image, 0–255. `float32`, shape `(12, 28, 28)`."""
    some = mnist_5k.split("validation").images[::100]
    return np.concatenate([some, np.zeros((1, 28, 28)), np.full((1, 28, 28), 255)]).astype("f4")


def test_a_recipe_is_found_by_its_name_which_can_name_a_run(recipe):
    assert find_recipe(recipe.name) is recipe
    assert NAME_PATTERN.fullmatch(recipe.name)
    assert recipe.summary


def test_the_stated_parameters_are_those_of_the_model(recipe, model):
    assert model.count_params() == recipe.parameters


def test_a_model_is_built_uncompiled_each_time_anew(recipe, model):
    import keras

    assert isinstance(model, keras.Model)
    assert not model.compiled
    assert recipe.build() is not model


def test_raw_images_go_in_and_what_the_recipe_says_comes_out_for_ten_classes(
    recipe, model, grey_levels
):
    assert model.input_shape == (None, 28, 28)
    answered = model.predict(grey_levels, verbose=0)
    assert answered.shape == (12, 10)
    if recipe.output == "probabilities":
        assert answered.min() >= 0
        np.testing.assert_allclose(answered.sum(axis=1), 1, atol=1e-5)
    else:
        assert answered.min() < 0


def test_the_first_layers_preprocess_so_that_no_weight_meets_a_grey_level(model, grey_levels):
    import keras

    learning = next(layer for layer in model.layers if layer.trainable_weights)
    preprocess = keras.Model(model.inputs, learning.input)
    assert len(preprocess.layers) > 1, "the first real layer learns"
    preprocessed = preprocess.predict(grey_levels, verbose=0)
    assert np.abs(preprocessed).max() <= 10
    assert np.ptp(preprocessed) > 0.1


def test_a_saved_model_opens_without_trust_and_predicts_the_same(model, grey_levels, tmp_path):
    model.save(tmp_path / "model.keras")
    opened = load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        opened.predict(grey_levels, verbose=0), model.predict(grey_levels, verbose=0), atol=1e-6
    )


def test_training_is_bounded(recipe):
    assert recipe.batch_size >= 1
    assert recipe.max_epochs >= 1
    assert recipe.patience is None or recipe.patience >= 1


def test_parameters_are_those_of_the_write_ups():
    assert {name: recipe.parameters for name, recipe in RECIPES.items() if name != "flagship"} == {
        "simple-conv": 693_962,
        "dense-256": 203_530,
        "mlp-128-128": 118_282,
        "mlp-deep": 244_522,
        "mlp-deep-dropout": 244_522,
        "cnn": 342_522,
        "cnn-augmented": 342_522,
        "linear-l1": 7_850,
        "linear-l2": 7_850,
        "linear-elasticnet": 7_850,
    }


def test_the_flagship_is_a_small_model():
    assert find_recipe("flagship").parameters < 1_000_000


def test_mlp_128_128_normalises_as_its_write_up_did(grey_levels):
    import keras

    model = find_recipe("mlp-128-128").build()
    normalised = keras.Model(model.inputs, model.get_layer("unit_columns").output)
    np.testing.assert_allclose(
        normalised.predict(grey_levels, verbose=0),
        keras.utils.normalize(grey_levels, axis=1),
        atol=1e-6,
    )


def test_an_unknown_recipe_is_an_error_that_names_those_there_are():
    with pytest.raises(RecipeError, match=r"simple-conv.*Received: 'perceptron'"):
        find_recipe("perceptron")
