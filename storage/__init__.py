"""Keep: captures, revisions, events and findings. Imports none of the other rooms."""
