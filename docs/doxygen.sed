# Text in comments is text: what Doxygen would take for a command or a tag is escaped.
/^ *\/\/\//{
  s/[\\@<>#&]/\\&/g
  s/^( *\/\/\/)\\</\1</
}
# A comment behind code: only what stands in the comment.
/[^ ].*\/\/\/</{
  :next
  s/(\/\/\/< .*[^\\])([@<>#&])/\1\\\2/
  tnext
}
