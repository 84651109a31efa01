"""The methods of SWML, one file per family; `table.py` lists them, `engine.exchange.swml` runs them."""
