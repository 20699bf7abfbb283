"""What a run says of itself: metrics, manifest, the HTML report."""
