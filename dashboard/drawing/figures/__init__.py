"""Charts: arrays in, `go.Figure` out; one file per figure, all on one template."""
