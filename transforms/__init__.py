"""Taoxi's library: Beam transforms that clean and deduplicate text."""
