#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/named.h"
#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/spec/catalog.h"
#include "harness/support/builtin.h"
#include "harness/support/escape.h"
#include "harness/support/files.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestName = 40;

// Modules that a program in Python imports, itself or by others: packages that samplers use, and those of
// Python's standard library (sys.stdlib_module_names of Python 3.11). A space stands on either side of each.
constexpr std::string_view kPythonModules =
    " numpy samplerbench scipy torch "
    "abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb "
    "binascii bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections "
    "colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes "
    "curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip "
    "enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath "
    "getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr "
    "imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma "
    "mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis "
    "nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle "
    "pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd "
    "py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource "
    "rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib "
    "sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics "
    "string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib "
    "tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback "
    "tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings "
    "wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib "
    "zoneinfo ";

enum class Kind { sampler, target };

// Whether a file of that name beside a program would be imported in place of such a module.
bool hides_python_module(const std::string& word) {
  return kPythonModules.find(" " + word + " ") != std::string_view::npos;
}

// What is to be written.
struct Order {
  Kind kind;
  std::string name;
  fs::path folder;
  bool in_python = false;
  bool in_tree = false;  // `folder` is the root of the suite's sources

  std::string kind_word() const { return kind == Kind::sampler ? "sampler" : "target"; }

  // The name as a word of C++ and Python: "my_walk".
  std::string word() const {
    std::string word = name;
    std::replace(word.begin(), word.end(), '-', '_');
    return word;
  }

  // The name of the class: "MyWalkChains", "MyLawDensity".
  std::string class_name() const {
    std::string joined;
    bool begins = true;
    for (const char letter : name) {
      if (letter != '-')
        joined += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
      begins = letter == '-';
    }
    return joined + (kind == Kind::sampler ? "Chains" : "Density");
  }

  // Where a source of its stands in the tree: "samplers/mcmc/".
  std::string place() const { return kind == Kind::sampler ? "samplers/mcmc/" : "targets/planar/"; }
};

// Whether it is lower-case words of letters and digits with dashes between them, and begins with a letter.
bool is_name(const std::string& name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (name.empty() || name.size() > kLongestName || !is_letter(name.front()) || name.back() == '-')
    return false;
  const bool plain = std::all_of(name.begin(), name.end(),
                                 [&](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
  return plain && name.find("--") == std::string::npos;
}

bool is_tree(const fs::path& folder) {
  std::error_code unknown;
  return fs::exists(folder / "samplers/samplers.cc", unknown) &&
         fs::exists(folder / "targets/targets.cc", unknown);
}

template <class Factory>
void require_new(const Registry<Factory>& registry, const std::string& name) {
  if (registry.contains(name))
    throw InputError(
        fmt::format("NAME {}: is a {} already; choose another name", name, registry.kind()));
}

Order order_from(const Arguments& arguments, const Catalog& catalog) {
  Order order{.kind = named<Kind>("kind", {"sampler", "target"}, arguments.text("KIND")),
              .name = arguments.text("NAME")};
  if (!is_name(order.name) || order.name == "main")
    throw InputError(
        fmt::format("NAME {}: needs lower-case words of letters and digits with dashes between them, such as "
                    "my-walk; at most {} letters, and not main",
                    printable(order.name), kLongestName));
  if (order.kind == Kind::sampler)
    require_new(catalog.samplers, order.name);
  else
    require_new(catalog.targets, order.name);
  order.in_python = arguments.has("python");
  if (order.in_python && order.kind == Kind::target)
    throw InputError(
        "--python: it is for samplers; a target from Python is a TorchScript module, for which "
        "`samplerbench describe torchscript` says what is needed");
  if (order.in_python && hides_python_module(order.word()))
    throw InputError(
        fmt::format("NAME {0}: is a module of Python, and a program beside {1}.py imports that file in its "
                    "place; choose another name, such as my-{0}",
                    order.name, order.word()));
  order.folder = arguments.has("out") ? arguments.text("out") : order.name;
  order.in_tree = !order.in_python && is_tree(order.folder);
  return order;
}

// The skeletons by the files that they become, from the folder of the order.
std::map<std::string, std::string> files_of(const Order& order) {
  const std::string word = order.word(), kind = order.kind_word();
  if (order.in_python) return {{word + ".py", "ula.py"}, {word + ".toml", "program.toml"}};
  if (order.in_tree)
    return {{order.place() + word + ".h", kind + ".h"},
            {order.place() + word + ".cc", kind + ".cc"},
            {fmt::format("tests/{}s/{}_test.cc", kind, word), kind + "_test.cc"}};
  return {{"CMakeLists.txt", "CMakeLists.txt"},
          {"main.cc", "main.cc"},
          {word + ".h", kind + ".h"},
          {word + ".cc", kind + ".cc"},
          {word + ".toml", kind + ".toml"}};
}

// The skeleton with the names of the order.
std::string filled(const std::string& skeleton, const Order& order) {
  // The name of the example comes first: names that are filled in are not searched for it.
  const std::vector<std::pair<std::string, std::string>> names{
      {"ula.py", order.word() + ".py"},
      {"{{NAME}}", order.name},
      {"{{FILE}}", order.word()},
      {"{{CLASS}}", order.class_name()},
      {"{{KIND}}", order.kind_word()},
      {"{{INCLUDE}}", order.in_tree ? order.place() : ""}};
  std::string text = builtin_skeletons().at(skeleton);
  for (const auto& [word, name] : names)
    for (size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += name.size())
      text.replace(at, word.size(), name);
  return text;
}

// Writes all files, or none where one of them is there.
void write_files(const Order& order) {
  const std::map<std::string, std::string> files = files_of(order);
  std::error_code unknown;
  for (const auto& [file, skeleton] : files) {
    const fs::file_type found = fs::symlink_status(order.folder / file, unknown).type();
    if (found == fs::file_type::none)
      refuse_output("out", order.folder, CannotWrite(unknown, order.folder.string()));
    if (found != fs::file_type::not_found)
      throw InputError(
          fmt::format("{}: is there already, and nothing was written; --out names another folder",
                      printable((order.folder / file).string(), 200)));
  }
  try {
    for (const auto& [file, skeleton] : files) {
      make_folder((order.folder / file).parent_path());
      write_file(order.folder / file, filled(skeleton, order));
      write_out("{}\n", printable((order.folder / file).string(), 200));
    }
  } catch (const CannotWrite& error) {
    refuse_output("out", order.folder, error);
  }
}

// A path within a command that is to be given: in quotes where a shell would make more of it.
std::string path_in_shell(const fs::path& path) {
  const std::string text = printable(path.string(), std::string::npos);
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '.' || c == '-' || c == '_';
  });
  return plain ? text : shell_word(text);
}

// What is left to do, as lines.
std::string next_steps(const Order& order) {
  const std::string word = order.word(), folder = path_in_shell(order.folder);
  if (order.in_python)
    return fmt::format("then: samplerbench check {0}/{1}.toml && samplerbench run {0}/{1}.toml\n", folder,
                       word);
  if (!order.in_tree)
    return fmt::format(
        "then: cmake -S {0} -B {0}/build -DCMAKE_BUILD_TYPE=Release && cmake --build {0}/build && ctest "
        "--test-dir {0}/build\n",
        folder);
  const std::string kind = order.kind_word();
  const std::string more = order.kind == Kind::sampler
                               ? "keep its first draws, as the head of tests/samplers/golden_test.cc says"
                               : "add its formula to tests/targets/conformance_test.cc";
  return fmt::format(
      "then: add to {0}s/{0}s.cc, in alphabetical order\n  #include \"{1}{2}.h\"\n  add_{2}(registry);\n{3}, "
      "and run ./bench test -R {0}s\n",
      kind, order.place(), word, more);
}

}  // namespace

Syntax new_syntax() {
  Syntax syntax{.usage = "samplerbench new sampler|target NAME [--python] [--out DIR]",
                .positionals = {{"KIND", "sampler or target"},
                                {"NAME", "of what is new, such as my-walk; its files are named after it"}},
                .required = 2,
                .offers = {{"KIND", {.words = {"sampler", "target"}}}, {"NAME", Offer{}}}};
  syntax.flags.add_options()  //
      ("python", "a sampler as a program in Python that a spec names, in place of one in C++")  //
      ("out", po::value<std::string>(),
       "folder that takes the files (default: NAME): a project of its own; the root of samplerbench's "
       "sources takes them among its own");
  return syntax;
}

int new_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, new_syntax());
  if (arguments.help) return 0;
  const Order order = order_from(arguments, catalog);
  write_files(order);
  write_text(next_steps(order));
  return 0;
}

}  // namespace samplerbench::harness
