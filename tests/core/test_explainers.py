"""Explanations agree with SHAP run by hand, add up, and leave TensorFlow able to train."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import Split, load_dataset
from mnist_core.errors import CheckpointError, ExplanationError, UnfitMethodError
from mnist_core.explainers import (
    EXPLAINERS,
    Attribution,
    Explainer,
    Target,
    background,
    combine,
    explain_cached,
    find_explainer,
)
from mnist_core.inference.prediction import predict
from mnist_core.recipes import find_recipe
from mnist_core.runs import Checkpoint

DEEP_SHAP = EXPLAINERS["deep-shap"]


@pytest.fixture(scope="module")
def digits() -> Split:
    return load_dataset("mnist-5k").split("validation")


@pytest.fixture(scope="module")
def few(digits) -> np.ndarray:
    return background(digits, n=11, seed=3)


@pytest.fixture(scope="module")
def model_file(digits, tmp_path_factory) -> Path:
    """simple-conv after one pass over a thousand digits."""
    import keras

    keras.utils.set_random_seed(0)
    model = find_recipe("simple-conv").build()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(digits.images, digits.labels, batch_size=20, verbose=0)
    path = tmp_path_factory.mktemp("quick") / "epoch-01.keras"
    model.save(path)
    return path


@pytest.fixture(params=[name for name in EXPLAINERS if name != "linear"])
def explainer(request: pytest.FixtureRequest) -> Explainer:
    return EXPLAINERS[request.param]


@pytest.fixture(scope="module")
def save_network(tmp_path_factory) -> Callable[..., Path]:
    """A function that saves a network of the given layers between pixels and ten classes."""
    import keras

    def save(*layers: keras.Layer, sequential: bool = False) -> Path:
        keras.utils.set_random_seed(0)
        path = tmp_path_factory.mktemp("network") / "epoch-01.keras"
        x = pixels = keras.Input((28, 28))
        for layer in (*layers, keras.layers.Flatten(), keras.layers.Dense(10, "softmax")):
            x = layer(x)
        model = keras.Model(pixels, x)
        (keras.Sequential(model.layers) if sequential else model).save(path)
        return path

    return save


def shap_by_hand(model_file: Path, image: np.ndarray, background: np.ndarray):
    """Values `(10, 28, 28)` and base values of one call of SHAP for all classes and images."""
    import keras

    model = keras.saving.load_model(model_file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap

        by_hand = shap.DeepExplainer(model, background.astype(np.float32))
        values = by_hand.shap_values(image[np.newaxis].astype(np.float32))
    return np.moveaxis(values[0], -1, 0), np.asarray(by_hand.expected_value)


def part(*, output: float = 0.5, n_background: int = 1, **changed: object) -> Attribution:
    """An attribution of class 0 alone."""
    fields = {"values": np.zeros((1, 28, 28)), "base_value": [0.5], "output": [output]}
    return Attribution(**(fields | changed), n_background=n_background)


def test_deep_shap_in_blocks_gives_what_one_call_of_shap_gives(digits, model_file, few):
    in_blocks = replace(DEEP_SHAP, block_size=4).explain(model_file, digits.images[555], few)
    values, base_value = shap_by_hand(model_file, digits.images[555], few)
    np.testing.assert_allclose(in_blocks.values, values, atol=1e-5)
    np.testing.assert_allclose(in_blocks.base_value, base_value, atol=1e-6)
    assert np.abs(values).max() > 1e-3
    assert in_blocks.n_background == 11


def test_blocks_of_every_size_give_the_same_values(digits, model_file, few):
    whole = DEEP_SHAP.explain_block(model_file, digits.images[42], few, Target())
    for size in (4, 6):
        in_blocks = replace(DEEP_SHAP, block_size=size).explain(model_file, digits.images[42], few)
        np.testing.assert_allclose(in_blocks.values, whole.values, atol=1e-7)
        np.testing.assert_allclose(in_blocks.base_value, whole.base_value, atol=1e-7)


def test_scaled_grey_levels_are_explained_as_from_behind_the_scaling(digits, model_file, few):
    import keras

    model = keras.saving.load_model(model_file)
    behind = keras.Model([model.get_layer("rescaling").output], model.outputs[0])
    image = digits.images[[555]].astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap

        by_hand = shap.DeepExplainer(behind, few.astype(np.float32) / 255)
        values = by_hand.shap_values(image / 255)
    through = DEEP_SHAP.explain(model_file, digits.images[555], few)
    np.testing.assert_allclose(through.values, np.moveaxis(values[0], -1, 0), atol=1e-5)


@pytest.mark.parametrize("position", [0, 150, 420, 777, 999])
def test_base_value_and_pixels_add_up_to_the_probability(digits, model_file, few, position):
    attribution = DEEP_SHAP.explain(model_file, digits.images[position], few)
    y_prob = predict(model_file, digits.images[[position]])[0]
    sums = attribution.base_value + attribution.values.sum(axis=(1, 2))
    np.testing.assert_allclose(attribution.output, y_prob, atol=1e-6)
    np.testing.assert_allclose(sums, y_prob, atol=1e-4)
    assert attribution.completeness_gap < 1e-4


def test_an_explainer_is_found_by_its_name_and_says_where_it_comes_from(explainer):
    assert EXPLAINERS[explainer.name] is explainer
    assert explainer.title
    assert explainer.source


def test_an_explainer_travels_to_a_worker_by_reference(explainer):
    assert pickle.loads(pickle.dumps(explainer.explain_block)) is explainer.explain_block  # noqa: S301


def test_an_attribution_is_read_only_complete_and_survives_pickling(
    explainer, digits, model_file, few
):
    attribution = explainer.explain(model_file, digits.images[7], few)
    assert attribution.values.shape == (10, 28, 28)
    assert attribution.classes == tuple(range(10))
    assert explainer.keeps_its_promise(attribution)
    assert attribution.method == explainer.name
    returned = pickle.loads(pickle.dumps(attribution))  # noqa: S301
    for name in ("values", "base_value", "output"):
        array = getattr(attribution, name)
        assert array.dtype == np.float32
        assert not array.flags.writeable
        assert np.array_equal(getattr(returned, name), array, equal_nan=True)
    assert (returned.classes, returned.n_background) == (tuple(range(10)), attribution.n_background)


def test_the_same_call_gives_the_same_values(explainer, digits, model_file, few):
    first, second = (explainer.explain(model_file, digits.images[7], few) for _ in range(2))
    np.testing.assert_allclose(first.values, second.values, atol=1e-7)


def test_some_classes_alone_are_explained_as_among_all(explainer, digits, model_file, few):
    if explainer.name == "partition":
        pytest.skip("it cuts where the classes that were asked for differ most")
    everything = explainer.explain(model_file, digits.images[7], few)
    two = explainer.explain(model_file, digits.images[7], few, classes=(3, 8, 3))
    assert two.classes == (3, 8)
    np.testing.assert_allclose(two.values, everything.values[[3, 8]], atol=1e-6)
    np.testing.assert_allclose(two.output, everything.output[[3, 8]], atol=1e-6)


def test_progress_is_told_after_each_block_and_can_stop_the_explanation(digits, model_file, few):
    told: list[tuple[int, int]] = []

    def stop_after_two(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise InterruptedError

    in_blocks = replace(DEEP_SHAP, block_size=4)
    with pytest.raises(InterruptedError):
        in_blocks.explain(model_file, digits.images[0], few, on_progress=stop_after_two)
    assert told == [(1, 3), (2, 3)]


def test_whoever_is_asked_to_runs_the_blocks_one_by_one(explainer, digits, model_file, few):
    ran: list[tuple] = []

    def call(function, *arguments):
        ran.append(arguments[1:])
        return function(*arguments)

    image, asked = digits.images[0], {"classes": (4, 9), "of": "difference"}
    there = explainer.explain(model_file, image, few, **asked, call=call)
    here = explainer.explain(model_file, image, few, **asked)
    assert [target for _, _, target in ran] == [Target("difference", (4, 9))] * len(ran)
    compared = np.concatenate([background for _, background, _ in ran])
    assert np.array_equal(compared, few if explainer.uses_background else few[:0])
    np.testing.assert_allclose(there.values, here.values, atol=1e-6)


def test_blocks_cover_every_background_image_once(digits):
    images = background(digits, n=101)
    blocks = DEEP_SHAP.blocks(images)
    assert [len(block) for block in blocks] == [34, 34, 33]
    assert np.array_equal(np.concatenate(blocks), images)
    assert len(replace(DEEP_SHAP, block_size=None).blocks(images)) == 1


def test_a_difference_is_the_first_logit_minus_the_second(explainer, digits, model_file, few):
    logits = explainer.explain(model_file, digits.images[7], few, of="logit", classes=(4, 9))
    found = explainer.explain(model_file, digits.images[7], few, of="difference", classes=(4, 9))
    assert found.values.shape == (1, 28, 28)
    assert found.classes == (4, 9)
    np.testing.assert_allclose(found.output[0], logits.output[0] - logits.output[1], rtol=1e-4)
    # Grad-CAM leaves out what speaks against an answer, and Partition SHAP cuts where most is.
    if explainer.name not in {"grad-cam", "partition"}:
        expected = logits.values[0] - logits.values[1]
        np.testing.assert_allclose(found.values[0], expected, atol=1e-4)


def test_what_does_not_add_up_is_not_shown_as_such_but_by_another_method(digits, model_file, few):
    def add_too_much(*arguments: object) -> Attribution:
        found = DEEP_SHAP.explain_block(*arguments)
        return replace(found, values=found.values + 1e-5)

    strict = replace(DEEP_SHAP, explain_block=add_too_much)
    with pytest.raises(
        UnfitMethodError, match=r"add up to the output within 0\.001\. Received: a gap"
    ):
        strict.explain(model_file, digits.images[0], few)
    found = strict.explain_somehow(model_file, digits.images[0], few)
    assert found.method == "expected-gradients"
    assert "Received: a gap of" in found.instead
    lenient = replace(strict, must_add_up=False)
    assert not lenient.keeps_its_promise(lenient.explain(model_file, digits.images[0], few))


@pytest.mark.parametrize(
    ("image", "images"),
    [
        (np.zeros((28, 28), np.float32), np.zeros((2, 28, 28), np.uint8)),
        (np.zeros((1, 28, 28), np.uint8), np.zeros((2, 28, 28), np.uint8)),
        (np.zeros((28, 28), np.uint8), np.zeros((0, 28, 28), np.uint8)),
        (np.zeros((28, 28), np.uint8), np.zeros((2, 28, 28), np.float32)),
    ],
)
def test_what_is_not_an_image_and_a_background_is_refused(explainer, model_file, image, images):
    with pytest.raises(ExplanationError, match=r"Expected an image of shape \(28, 28\)"):
        explainer.explain(model_file, image, images)
    with pytest.raises(ExplanationError, match=r"Expected an image of shape \(28, 28\)"):
        DEEP_SHAP.explain_block(model_file, image, images, Target())


def test_a_class_the_model_does_not_have_is_refused(explainer, digits, model_file, few):
    with pytest.raises(ExplanationError, match=r"classes from 0 to 9\. Received: \[10\]"):
        explainer.explain(model_file, digits.images[0], few, classes=(10,))


def test_a_missing_model_is_an_error_of_the_checkpoint(explainer, digits, few, tmp_path):
    with pytest.raises(CheckpointError, match=r"epoch-09\.keras"):
        explainer.explain(tmp_path / "epoch-09.keras", digits.images[0], few)


def test_training_goes_on_after_an_explanation(digits, model_file, few):
    import keras

    model = keras.saving.load_model(model_file)
    before = model.get_weights()[0]
    assert DEEP_SHAP.explain(model_file, digits.images[0], few).completeness_gap < 1e-4
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    model.fit(digits.images[:20], digits.labels[:20], verbose=0)
    assert not np.array_equal(model.get_weights()[0], before)


def test_eight_threads_with_different_models_give_the_values_of_one(digits, few, save_network):
    import keras

    layers = keras.layers
    kinds = ["relu", "tanh", "elu", "gelu", "silu", "softplus", "sigmoid", "selu"]
    files = [
        save_network(layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(9, kind))
        for kind in kinds
    ]
    images = digits.images[:8]
    with ThreadPoolExecutor(8) as threads:
        asked = [
            threads.submit(DEEP_SHAP.explain, path, image, few, of=of)
            for of in ("logit", "probability")
            for path, image in zip(files, images, strict=True)
        ]
        found = [one.result().values for one in asked]
    expected = [
        DEEP_SHAP.explain(path, image, few, of=of).values
        for of in ("logit", "probability")
        for path, image in zip(files, images, strict=True)
    ]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("sequential", [False, True])
def test_a_normalised_image_with_blank_columns_is_explained_from_behind_it(
    digits, few, save_network, sequential
):
    import keras

    layers = (
        keras.layers.UnitNormalization(axis=1),
        keras.layers.Flatten(),
        keras.layers.Dense(16, "relu"),
    )
    attribution = DEEP_SHAP.explain(
        save_network(*layers, sequential=sequential), digits.images[130], few
    )
    is_blank = ~digits.images[130].any(axis=0) & ~few.any(axis=(0, 1))
    assert is_blank.any()
    assert not attribution.values[:, :, is_blank].any()
    assert attribution.completeness_gap < 1e-4


def test_a_layer_without_a_rule_is_explained_by_the_method_that_stands_in(
    digits, few, save_network
):
    from keras import layers

    network = save_network(layers.Rescaling(1 / 255), layers.LSTM(4, name="reader"))
    with pytest.raises(UnfitMethodError) as refused:
        DEEP_SHAP.explain(network, digits.images[0], few)
    said = str(refused.value)
    assert "Received: the layer reader (LSTM), which there is no rule for" in said
    found = DEEP_SHAP.explain_somehow(network, digits.images[0], few)
    assert (found.method, found.instead) == ("expected-gradients", said)
    assert found.completeness_gap < 1e-2


def test_the_same_seed_gives_the_same_background(digits):
    chosen = background(digits, n=100, seed=5)
    assert chosen.shape == (100, 28, 28)
    assert not chosen.flags.writeable
    assert np.array_equal(background(digits, seed=5), chosen)
    assert np.array_equal(background(digits, n=20, seed=5), chosen[:20])
    assert not np.array_equal(background(digits, n=100, seed=6), chosen)


def test_a_background_holds_no_image_twice():
    images = np.repeat(np.arange(30, dtype=np.uint8), 784).reshape(30, 28, 28)
    chosen = background(Split("train", images, np.zeros(30, np.uint8)), n=30, seed=1)
    assert sorted(chosen[:, 0, 0].tolist()) == list(range(30))


@pytest.mark.parametrize(("n", "seed"), [(0, 0), (1_001, 0), (10, -1)])
def test_a_background_out_of_range_is_refused(digits, n, seed):
    with pytest.raises(ExplanationError, match=f"Received: {n} images and seed {seed}"):
        background(digits, n=n, seed=seed)


def test_joining_parts_weighs_them_by_their_background_images():
    one = part(values=np.full((1, 28, 28), 1), base_value=[0], n_background=1)
    three = part(values=np.full((1, 28, 28), 5), base_value=[1], n_background=3)
    joined = combine([one, three])
    assert (joined.values == 4).all()
    assert joined.base_value.tolist() == [0.75]
    assert joined.n_background == 4


def test_the_gap_is_the_largest_over_the_classes():
    values = np.zeros((2, 28, 28))
    values[0, 3, 4] = 0.25
    attribution = Attribution(values, base_value=[0.25, 0.5], output=[0.5, 0.125])
    assert attribution.completeness_gap == 0.375


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "0 parts"),
        ([part(), part(classes=(1,))], "2 parts"),
        ([part(output=0.1), part(output=0.2)], "parts of one image"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(parts, message):
    with pytest.raises(ExplanationError, match=message):
        combine(parts)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"values": np.zeros((28, 28))}, r"shape \(1, 28, 28\)"),
        ({"base_value": [0.1, 0.2]}, "one base value"),
        ({"classes": (1, 2)}, "2 different classes"),
        ({"classes": (3, 3), "values": np.zeros((2, 28, 28))}, r"classes \(3, 3\)"),
        ({"values": np.full((1, 28, 28), np.nan)}, "NaN"),
        ({"base_value": [np.inf]}, "finite"),
        ({"output": np.nan}, "finite"),
    ],
)
def test_an_attribution_that_does_not_fit_together_is_refused(changed, message):
    with pytest.raises(ExplanationError, match=message):
        part(**changed)


def test_an_attribution_of_no_class_is_refused():
    with pytest.raises(ExplanationError, match=r"classes \(\)"):
        Attribution(np.zeros((0, 28, 28)), np.zeros(0), np.zeros(0))


class Counting:
    """Stands in for what computes an attribution, and counts."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(
        self, model_file: Path, image: np.ndarray, background: np.ndarray, **_: object
    ) -> Attribution:
        self.calls += 1
        values = np.zeros((10, 28, 28), np.float32)
        values[:, 0, 0] = self.calls
        return Attribution(values, np.zeros(10), values[:, 0, 0], n_background=len(background))


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def explain_again(model_file, digits, few, tmp_path, counting) -> Callable[..., Attribution]:
    """A function that explains one image by way of the cache in `tmp_path / "cache"`."""
    checkpoint = Checkpoint("quick", 1, model_file)

    def explain(**changed: object) -> Attribution:
        inputs = {
            "explainer": DEEP_SHAP,
            "checkpoint": checkpoint,
            "image": digits.images[0],
            "background": few,
            "cache": tmp_path / "cache",
            "explain": counting,
        }
        return explain_cached(**(inputs | changed))

    return explain


def test_an_attribution_is_computed_once_and_read_as_it_was(explain_again, counting, tmp_path):
    first, second = explain_again(), explain_again()
    assert counting.calls == 1
    assert np.array_equal(first.values, second.values)
    assert np.array_equal(first.output, second.output)
    assert (second.classes, second.n_background) == (tuple(range(10)), 11)
    assert not second.values.flags.writeable
    (stored,) = (tmp_path / "cache" / "explanations").iterdir()
    assert stored.name.startswith("deep-shap-")


def test_by_default_the_explainer_itself_computes_what_is_cached(digits, model_file, few, tmp_path):
    inputs = (DEEP_SHAP, Checkpoint("quick", 1, model_file), digits.images[3], few, tmp_path)
    computed, stored = explain_cached(*inputs), explain_cached(*inputs)
    assert computed.completeness_gap < 1e-4
    assert np.array_equal(computed.values, stored.values)


def test_another_method_model_image_or_background_is_computed_anew(
    explain_again, counting, digits, few, tmp_path
):
    other_file = tmp_path / "epoch-02.keras"
    other_file.write_bytes(b"another model")
    explain_again()
    explain_again(explainer=replace(DEEP_SHAP, name="another"))
    explain_again(checkpoint=Checkpoint("quick", 2, other_file))
    explain_again(image=digits.images[1])
    explain_again(background=few[:-1])
    explain_again(background=few[::-1][:-1])
    explain_again(target=Target("logit"))
    explain_again(target=Target("difference", (4, 9)))
    explain_again(target=Target("difference", (9, 4)))
    assert counting.calls == 9


@pytest.mark.parametrize("damage", [b"", b"no zip", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_computed_anew_and_mended(explain_again, counting, tmp_path, damage):
    explain_again()
    (stored,) = (tmp_path / "cache" / "explanations").iterdir()
    stored.write_bytes(damage)
    assert explain_again().values[0, 0, 0] == 2
    assert explain_again().values[0, 0, 0] == 2


def test_no_flipped_byte_of_a_stored_file_is_taken_for_an_attribution(
    explain_again, counting, tmp_path
):
    explain_again()
    (stored,) = (tmp_path / "cache" / "explanations").iterdir()
    whole = stored.read_bytes()
    for position in range(0, len(whole), 7):
        torn = bytearray(whole)
        torn[position] ^= 0xFF
        stored.write_bytes(torn)
        assert explain_again().values[0, 0, 0] in (1, counting.calls)


def test_a_cache_that_cannot_be_written_to_only_costs_time(explain_again, counting, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert explain_again().n_background == 11
    assert explain_again().n_background == 11
    assert counting.calls == 2


def test_an_explanation_that_was_stopped_is_not_stored(explain_again, counting):
    def stopped(*_: object, **__: object) -> Attribution:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        explain_again(explain=stopped)
    explain_again()
    assert counting.calls == 1


def test_a_method_that_is_not_there_is_refused_with_those_that_are():
    assert find_explainer("deep-shap") is DEEP_SHAP
    with pytest.raises(ExplanationError, match=r"methods deep-shap, .*\. Received: 'guess'"):
        find_explainer("guess")


def test_each_method_says_in_one_sentence_what_it_compares_with(explainer):
    sentence = explainer.comparison.format(background="9 images")
    assert ("9 images" in sentence) == explainer.uses_background
    assert sentence.endswith(".")
    assert "{" not in sentence
