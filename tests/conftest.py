"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Timings are no tests: a slow machine must not fail them. Where the verdict counts, the same
# examples are tried every time; elsewhere new ones.
settings.register_profile(
    "taoxi",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("taoxi")
