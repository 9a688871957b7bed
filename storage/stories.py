"""Stories: which items tell of the same thing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models_telling import Story, StoryItem


class Stories:
    """Stories within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_item(self, item_id: int) -> StoryItem | None:
        """How an item belongs to its story; None when it was not looked at yet."""
        return self._session.get(StoryItem, item_id)

    def get(self, story_id: int) -> Story | None:
        """The story with this number."""
        return self._session.get(Story, story_id)

    def items(self, story_id: int) -> list[StoryItem]:
        """The items of a story in the order in which they joined."""
        query = select(StoryItem).where(StoryItem.story_id == story_id)
        return list(self._session.scalars(query.order_by(StoryItem.joined_at, StoryItem.item_id)))
