"""What the registry tells upwards."""

from django.dispatch import Signal

# A mandate ended (mandate, on, by): apps above take the person out of what is still open.
mandate_ended = Signal()
