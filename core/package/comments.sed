# The first comment of a header is about the file; one after code is about what stands before it.
1s,^/\* ?,/** @file\n,
t
s,^( *)/\* ?,\1/** ,
s,([;\,{}A-Za-z0-9_)]) +/\* ?,\1 /**< ,
