"""What all generated packages share: plain Python that the pipeline copies beside them.

Nothing here may import anything but the standard library, attrs and dateutil.
"""
