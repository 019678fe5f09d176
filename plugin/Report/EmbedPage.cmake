# Writes OUTPUT, a C++ array of the bytes of the report's page: FOLDER/page.html
# with its style sheet and its scripts put in. Run by cmake -P at build time, so
# that the page is edited as what it is, and the tool needs no file beside it.

file(READ ${FOLDER}/page.html _page)
file(READ ${FOLDER}/page.css _style)
set(_script "")
foreach(_name ${SCRIPTS})
  file(READ ${FOLDER}/${_name} _text)
  string(APPEND _script "${_text}")
endforeach()
string(REPLACE "@STYLE@" "${_style}" _page "${_page}")
string(REPLACE "@SCRIPT@" "${_script}" _page "${_page}")
file(WRITE ${OUTPUT}.html "${_page}")
file(READ ${OUTPUT}.html _bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," _bytes "${_bytes}")
string(REPEAT "0x..," 16 _line)
string(REGEX REPLACE "(${_line})" "\\1\n" _bytes "${_bytes}")
file(WRITE ${OUTPUT} "static const unsigned char Html[] = {\n${_bytes}};\n")
file(REMOVE ${OUTPUT}.html)
