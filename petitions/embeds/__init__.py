"""The counter on other websites: frames and badges."""
