"""The models that can be trained by name: `RECIPES` maps a name to its `Recipe`."""

from mnist_core.errors import RecipeError
from mnist_core.recipes import cnn, dense, flagship, linear, simple_conv
from mnist_core.recipes.recipe import Recipe

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        simple_conv.RECIPE,
        *dense.RECIPES,
        *cnn.RECIPES,
        flagship.RECIPE,
        *linear.RECIPES,
    )
}


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        RecipeError: There is none.
    """
    if name not in RECIPES:
        raise RecipeError(
            f"Expected one of the recipes {', '.join(RECIPES)}. Received: {name!r}. "
            "Choose one of these."
        )
    return RECIPES[name]


__all__ = ["RECIPES", "Recipe", "find_recipe"]
