import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deputies", "0002_rosters_ask_and_are_undone")]

    operations = [
        # The database's own default gives every deputy there is a number of its own.
        migrations.AddField(
            model_name="deputy",
            name="public_id",
            field=models.UUIDField(
                db_default=RandomUUID(), default=uuid.uuid4, editable=False, unique=True
            ),
        ),
    ]
