"""Reports over many requests: figures in a few statements, and the lists behind them."""
