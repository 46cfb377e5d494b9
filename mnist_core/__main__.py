"""`python -m mnist_core`, the same as `mnist-lens`."""

from mnist_core.commands.main import main

if __name__ == "__main__":
    main()
