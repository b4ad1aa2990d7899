"""The index of the chains: after any history its entries lead to every row."""
