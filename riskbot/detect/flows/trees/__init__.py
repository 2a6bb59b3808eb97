"""What is read: the files of a revision, of a change on top of it, or of folders on the disk."""
