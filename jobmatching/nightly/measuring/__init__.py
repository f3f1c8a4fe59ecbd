"""How good matching and search are, measured on judged data; a figure is shown with its day and sample or not at all.

``models``    a measurement, as it was taken
``storing``   written by `evaluate_matching --store` and `evaluate_search --store`, by nothing else
``words``     what the figures are called, and how they are read
"""
