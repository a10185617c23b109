# Writes ${OUTPUT}: the specs in ${EXPERIMENTS}/*.toml and ${FITS}/*.toml as maps from name to text, the style and
# the script of a report's page in ${PAGE}, and the plotting library in ${CHART_JS}.
function(add_map folder function)
  file(GLOB specs ${folder}/*.toml)
  set(entries "")
  foreach(spec IN LISTS specs)
    get_filename_component(name ${spec} NAME_WE)
    file(READ ${spec} text)
    string(APPEND entries "      {\"${name}\", R\"~spec~(${text})~spec~\"},\n")
  endforeach()
  set(maps "${maps}const std::map<std::string, std::string>& ${function}() {
  static const std::map<std::string, std::string> specs{\n${entries}  };
  return specs;
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
add_map(${EXPERIMENTS} builtin_experiments)
add_map(${FITS} builtin_fits)
add_text(${PAGE}/page.css page_style)
add_text(${PAGE}/page.js page_script)
add_text(${CHART_JS} plotting_library)
file(WRITE ${OUTPUT}.new "#include \"harness/support/builtin.h\"\n
namespace samplerbench::harness {\n
${maps}${texts}}  // namespace samplerbench::harness\n")
file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)
