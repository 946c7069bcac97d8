"""Working days in Việt Nam: public holidays and exchanged working days as data, with the source and certainty of each day."""

from lienthong.schemas.calendar.working_days import Calendar, Day, read_calendar, vietnam

__all__ = ["Calendar", "Day", "read_calendar", "vietnam"]
