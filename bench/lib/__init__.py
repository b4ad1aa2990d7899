"""The parts of bench/run; driver.py calls the others."""
