from tests.journey.conftest import post

__all__ = ["post"]
