# Writes ${OUTPUT}: the specs in ${EXPERIMENTS}/*.toml as a map from name to text.
file(GLOB specs ${EXPERIMENTS}/*.toml)
set(entries "")
foreach(spec IN LISTS specs)
  get_filename_component(name ${spec} NAME_WE)
  file(READ ${spec} text)
  string(APPEND entries "      {\"${name}\", R\"~spec~(${text})~spec~\"},\n")
endforeach()
file(WRITE ${OUTPUT}.new "#include \"harness/builtin.h\"\n
namespace samplerbench::harness {\n
const std::map<std::string, std::string>& builtin_experiments() {
  static const std::map<std::string, std::string> experiments{\n${entries}  };
  return experiments;
}\n
}  // namespace samplerbench::harness\n")
file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)
