# Writes ${OUTPUT}: the version, the git commit of ${SOURCE} and the build type, as constants.
execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
                WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT commit)
  set(commit unknown)
endif()
file(WRITE ${OUTPUT}.new "#include \"harness/support/version.h\"\n
namespace samplerbench::harness {\n
const char* const version = \"${VERSION}\";
const char* const git_commit = \"${commit}\";
const char* const build_type = \"${BUILD_TYPE}\";\n
}  // namespace samplerbench::harness\n")
file(COPY_FILE ${OUTPUT}.new ${OUTPUT} ONLY_IF_DIFFERENT)
