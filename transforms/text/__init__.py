"""The pure functions of Taoxi: text in, cleaned text and its edits out. No Beam."""
