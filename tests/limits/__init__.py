"""The suite `limits`."""
