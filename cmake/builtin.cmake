# Writes ${OUTPUT}: the specs in ${EXPERIMENTS}/*.toml and ${FITS}/*.toml and the skeletons ${SKELETONS}/*.in and
# ${PROGRAM} as maps from name to text, the style and the script of a report's page in ${PAGE}, and the plotting library
# in ${CHART_JS}.

# add_map(FUNCTION ENDING FILE...): the files by their names, without ENDING at the end.
function(add_map function ending)
  set(entries "")
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "\\.${ending}$" "" name ${name})
    file(READ ${file} text)
    string(APPEND entries "      {\"${name}\", R\"~spec~(${text})~spec~\"},\n")
  endforeach()
  set(maps "${maps}const std::map<std::string, std::string>& ${function}() {
  static const std::map<std::string, std::string> texts{\n${entries}  };
  return texts;
}\n\n" PARENT_SCOPE)
endfunction()

function(add_text file function)
  file(READ ${file} text)
  if(text MATCHES "</[sS][cCtT]|\\)~text~")
    message(FATAL_ERROR "${file} would end its element of the page or its string")
  endif()
  set(texts "${texts}const std::string& ${function}() {
  static const std::string text = R\"~text~(${text})~text~\";
  return text;
}\n\n" PARENT_SCOPE)
endfunction()

set(maps "")
set(texts "")
file(GLOB experiments ${EXPERIMENTS}/*.toml)
file(GLOB fits ${FITS}/*.toml)
file(GLOB skeletons ${SKELETONS}/*.in)
add_map(builtin_experiments toml ${experiments})
add_map(builtin_fits toml ${fits})
add_map(builtin_skeletons in ${skeletons} ${PROGRAM})
add_text(${PAGE}/page.css page_style)
add_text(${PAGE}/page.js page_script)
add_text(${CHART_JS} plotting_library)
file(WRITE ${OUTPUT}.new "#include \"harness/support/builtin.h\"\n
namespace samplerbench::harness {\n
${maps}${texts}}  // namespace samplerbench::harness\n")
file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)
