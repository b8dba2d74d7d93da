"""Files are replaced in one step, or not at all."""

from __future__ import annotations

import pytest

from orchestration.warehouse.storage import replacing


def test_readers_keep_the_old_file_until_the_new_one_is_whole(tmp_path):
    target = tmp_path / "reports" / "page.html"
    with replacing(target) as draft:
        draft.write_text("old")
    with replacing(target) as draft:
        draft.write_text("half of the ne")
        assert target.read_text() == "old"
        assert list(target.parent.glob("*.html")) == [target]
        draft.write_text("new")
    assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


def test_an_error_leaves_the_old_file_and_no_draft(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as draft:
        draft.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
