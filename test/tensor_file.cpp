// SPDX-License-Identifier: BSL-1.0
// Files of tensors: what PyTorch and NumPy wrote is read, what is written comes back, and whatever is wrong
// with a file is said in one sentence. The first argument is the folder of files that others wrote.
#include "damage.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <typegrad/gzip.hpp>
#include <typegrad/tensor_file.hpp>
#include <vector>

#include "sentence.hpp"

namespace {

std::string folder() { return std::string(boost::unit_test::framework::master_test_suite().argv[1]) + "/"; }

/// Parameters as tg::parameters lays them out.
struct part {
  std::string_view name;
  std::size_t first, size;
  std::vector<std::size_t> extents;
  std::vector<std::size_t> shape() const { return extents; }
};
struct parameters {
  static constexpr int parts = 0;
  std::vector<part> all;

  template <class V, class Use>
  void each(V&& vector, Use use) const {
    for (const part& one : all)
      use(one.name, one.shape(), std::span(vector.data(), vector.size()).subspan(one.first, one.size));
  }
};
const parameters network{{{"hidden.weight", 0, 12, {4, 3}},
                          {"hidden.bias", 12, 4, {4}},
                          {"out.weight", 16, 8, {2, 4}},
                          {"out.bias", 24, 2, {2}}}};
tg::tensor_options from_torch() {
  return {.prefix = "net.", .rename = [](std::string_view name) {
            return (name.starts_with("hidden") ? "0" : "2") + std::string(name.substr(name.find('.')));
          }};
}

std::string refusal(auto call) { return sentence_of<tg::bad_file>(call); }

template <class T>
std::vector<T> values(std::size_t count, double step) {
  std::vector<T> all;
  for (std::size_t k = 0; k < count; ++k)
    all.push_back(static_cast<T>(step * (static_cast<double>(k) - static_cast<double>(count / 2))));
  return all;
}

const char* const scratch[] = {"tensor_file_test.safetensors", "tensor_file_test.npz"};

}  // namespace

BOOST_AUTO_TEST_CASE(networks_of_torch) {
  std::vector<double> weights(26);
  tg::load_tensors(folder() + "network.safetensors", network, weights, from_torch());
  // What torch computes: tensor_files.py prints it.
  const double x[] = {1, -2, 0.5};
  double out[2] = {weights[24], weights[25]};
  for (std::size_t i = 0; i < 4; ++i) {
    double h = weights[12 + i];
    for (std::size_t k = 0; k < 3; ++k) h += weights[3 * i + k] * x[k];
    for (std::size_t k = 0; k < 2; ++k) out[k] += weights[16 + 4 * k + i] * std::tanh(h);
  }
  BOOST_TEST(std::fabs(out[0] - -0.04299791902303696) < 1e-7);
  BOOST_TEST(std::fabs(out[1] - -0.027281640097498894) < 1e-7);
}
BOOST_AUTO_TEST_CASE(kinds_of_torch) {
  tg::tensor_file file(folder() + "kinds.safetensors");
  BOOST_TEST(file.tensors().size() == 14u);
  for (const char* name : {"F64", "F32", "F16", "BF16", "I32", "I16", "I8"}) {
    BOOST_TEST(file.read<double>(name) == values<double>(6, 3));
    BOOST_TEST((file.at(name).shape == std::vector<std::size_t>{2, 3}));
  }
  for (const char* name : {"F32", "F16", "BF16", "I16", "I8"})
    BOOST_TEST(file.read<float>(name) == values<float>(6, 3));
  for (const char* name : {"I64", "I32", "I16", "I8"})
    BOOST_TEST(file.read<std::int64_t>(name) == values<std::int64_t>(6, 3));
  BOOST_TEST(file.read<float>("F64", true) == values<float>(6, 3));
  BOOST_TEST((file.read<int>("U8") == std::vector<int>{0, 128, 255}));
  BOOST_TEST((file.read<int>("BOOL") == std::vector<int>{1, 0}));
  BOOST_TEST(file.at("scalar").shape.empty());
  BOOST_TEST(file.read<double>("scalar").at(0) == 2.5);
  BOOST_TEST(file.read<double>("empty").empty());
  BOOST_TEST(file.read<double>("\xc3\xa9\"\\\n").at(0) == 1);
  BOOST_TEST(file.metadata().at(0).second == "torch \"2\"");
  const auto halves = file.read<double>("halves");
  BOOST_TEST(std::fabs(halves[0] - 6.1e-5) < 3e-8);
  BOOST_TEST(halves[1] == 0x1p-24);
  BOOST_TEST(halves[2] == 65504);
  BOOST_TEST((std::isinf(halves[3]) && std::signbit(halves[4])));
  BOOST_TEST(has(refusal([&] { file.read<float>("F64"); }),
                 "has numbers of F64 in 'F64', which F32 does not hold; ask"));
  BOOST_TEST(
      has(refusal([&] { file.read<float>("I32"); }), "has numbers of I32 in 'I32', which F32 does not hold"));
  BOOST_TEST(has(refusal([&] { file.read<int>("F16"); }), "which I32 does not hold."));
  BOOST_TEST(has(refusal([&] { file.read<std::uint16_t>("I8"); }), "which U16 does not hold"));
}
BOOST_AUTO_TEST_CASE(arrays_of_numpy) {
  for (const char* name : {"arrays.npz", "packed.npz"}) {
    tg::tensor_file file(folder() + name);
    BOOST_TEST(file.tensors().size() == 5u);
    BOOST_TEST(file.read<double>("rows") == values<double>(6, 0.5));
    BOOST_TEST(file.read<float>("columns") == values<float>(24, 0.25));
    BOOST_TEST((file.at("columns").shape == std::vector<std::size_t>{2, 3, 4}));
    BOOST_TEST((file.read<std::int64_t>("counts") == std::vector<std::int64_t>{0, 1, 2, 3, 4}));
    BOOST_TEST(file.read<double>("scalar").at(0) == 2.5);
    BOOST_TEST(file.read<float>("line") == values<float>(3, 1));
  }
  for (const std::string name : {"arrays.npz", "packed.npz"}) {
    tg::tensor_file file(folder() + name);
    std::vector<double> row(3);
    std::vector<float> other(3);
    file.read_from(file.at("rows"), 3, std::span(row));
    BOOST_TEST((row == std::vector<double>{0, 0.5, 1}));
    BOOST_TEST(has(refusal([&] { file.read_from(file.at("rows"), 4, std::span(row)); }),
                   "has no 3 numbers from 4 on"));
    BOOST_TEST(
        has(refusal([&] { file.read_from(file.at("columns"), 0, std::span(other)); }), "has no 3 numbers"));
    file.read_from(file.at("line"), 1, std::span(other).first(2));
    BOOST_TEST((other[0] == 0 && other[1] == 1));
  }
  BOOST_TEST(has(refusal([] { tg::tensor_file(folder() + "big_endian.npz"); }), "astype('<f8')"));
}
BOOST_AUTO_TEST_CASE(what_is_written_comes_back) {
  for (const char* path : scratch) {
    const auto weights = values<float>(26, 0.3);
    std::vector<float> again(26);
    std::vector<double> wider(26);
    tg::save_tensors(path, network, weights, {.prefix = "a.", .metadata = {{"epoch", "3\n"}}});
    tg::load_tensors(path, network, again, {.prefix = "a."});
    tg::load_tensors(path, network, wider, {.prefix = "a."});
    BOOST_TEST(again == weights);
    BOOST_TEST(std::equal(wider.begin(), wider.end(), weights.begin()));
    tg::tensor_file file(path);
    BOOST_TEST(file.tensors().at(1).name == "a.hidden.bias");
    if (!file.metadata().empty()) BOOST_TEST(file.metadata()[0].second == "3\n");
    std::remove(path);
  }
}
BOOST_AUTO_TEST_CASE(sentences_of_parameters) {
  for (const std::string path : scratch) {
    std::vector<double> weights(26, 5);
    const auto after = [&](std::vector<tg::named_tensor> changes, tg::tensor_options options = {}) {
      std::vector<tg::named_tensor> all;
      network.each(weights, [&](std::string_view name, const auto& shape, auto numbers) {
        bool is_changed = name == "out.bias";
        for (const auto& each : changes) is_changed = is_changed || each.entry.name == name;
        if (!is_changed) all.emplace_back(std::string(name), shape, numbers);
      });
      all.insert(all.end(), changes.begin(), changes.end());
      tg::save_tensors(path, all);
      std::vector<float> read(26, 1);
      options.rounding = true;
      const std::string sentence = refusal([&] { tg::load_tensors(path, network, read, options); });
      if (!sentence.empty()) BOOST_TEST(read == std::vector<float>(26, 1));
      return sentence;
    };
    const std::vector<double> two(2), eight(8);
    const tg::named_tensor bias("out.bias", {2}, two);
    const std::string begin = "'" + path + "' ";
    BOOST_TEST(after({bias}) == "");
    BOOST_TEST(after({}) ==
               begin + "has no tensor 'out.bias'; it has 'hidden.weight', 'hidden.bias', 'out.weight'.");
    BOOST_TEST(after({}, {.ignore_missing = true}) == "");
    BOOST_TEST(after({bias, {"more", {2}, two}}) ==
               begin + "has 'more', which the parameters have not; ignore_extra leaves them out.");
    BOOST_TEST(after({bias, {"more", {2}, two}}, {.ignore_extra = true}) == "");
    BOOST_TEST(after({bias, {"out.weight", {4, 2}, eight}}) ==
               begin + "has 'out.weight' in the shape (4, 2), which is (2, 4) in the parameters.");
    const std::vector<std::int64_t> whole(2);
    tg::save_tensors(path, network, weights);
    std::vector<float> floats(26);
    BOOST_TEST(refusal([&] { tg::load_tensors(path, network, floats); }) ==
               begin +
                   "has numbers of F64 in 'hidden.weight', which F32 does not hold; ask for rounding if they "
                   "may lose digits.");
    BOOST_TEST(has(refusal([&] { tg::save_tensors(path, {bias, bias}); }), "has two tensors 'out.bias'"));
    for (const std::string bad :
         {"\xff", "a\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\xc0\x80", "\xe0\x80\x80",
          "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"}) {
      const auto refused = [&](const std::string& name, tg::tensor_options texts) {
        return refusal([&] { tg::save_tensors(path, {{name, {2}, two}}, texts); });
      };
      BOOST_TEST(has(refused(bad, {}), "cannot hold a tensor of the name"));
      BOOST_TEST(has(refused("a", {.metadata = {{"b", bad}}}), "which is not in UTF-8"));
      BOOST_TEST(has(refused("a", {.metadata = {{bad, "b"}}}), "which is not in UTF-8"));
      BOOST_TEST(
          has(refused("a", {.metadata = {{"k", ""}, {"b", ""}, {"k", ""}}}), "two texts of the name 'k'"));
      BOOST_TEST(refused("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbf\xf4\x8f\xbf\xbf\x7f", {}) == "");
    }
    std::remove(path.c_str());
  }
  const std::vector<double> two(2);
  BOOST_TEST(has(refusal([&] {
                   tg::save_tensors("x.bin", {{"a", {2}, two}});
                 }),
                 "end in .safetensors or .npz"));
  BOOST_TEST(has(refusal([&] {
                   tg::save_tensors("no/such/x.npz", {{"a", {2}, two}});
                 }),
                 "cannot be written"));
  for (const std::string name : {"folder.npz", "folder.safetensors"}) {
    std::filesystem::create_directory(name);
    BOOST_TEST(has(refusal([&] {
                     tg::save_tensors(name, {{"a", {2}, two}});
                   }),
                   "is no file; give the name of one, or of none yet"));
    std::filesystem::remove(name);
  }
  BOOST_TEST(
      has(refusal([&] { tg::named_tensor("a", {3}, two); }), "has 2 numbers, not as many as its shape (3,)"));
  BOOST_TEST(has(refusal([] { tg::tensor_file("no such file"); }), "cannot be opened"));
  BOOST_TEST(has(refusal([] { tg::tensor_file("."); }), "cannot be read; is it a file?"));
}
/// Headers that only somebody with bad intentions writes.
BOOST_AUTO_TEST_CASE(hostile_headers) {
  const std::string path = scratch[0];
  const auto refused = [&](const std::string& header, const std::string& data = std::string(8, '\0'),
                           std::uint64_t length = 0) {
    std::string bytes;
    tg::detail::append_little_endian(bytes, length != 0 ? length : header.size(), 8);
    write_bytes(path, bytes + header + data);
    const std::string sentence = refusal([&] { tg::tensor_file file(path); });
    std::remove(path.c_str());
    return sentence;
  };
  const std::string one = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  BOOST_TEST(refused("{" + one + "}") == "");
  BOOST_TEST(refused("{" + one + "}   ") == "");
  BOOST_TEST(refused("{}", "") == "");
  const struct {
    std::string header;
    std::string_view sentence;
  } table[] = {
      {"{" + one + "," + one + "}", "two tensors 'a'"},
      {"{" + one + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "where the tensor before it ends at 8"},
      {"{}", "8 bytes at its end belong to no tensor"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", "two offsets in order"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775808]}})", "of 8"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551616]}})",
       "a whole number below 2^64"},
      {R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,8]}})",
       "has 8 bytes, not those of"},
      {R"({"a":{"dtype":"F32","shape":[0,18446744073709551615],"data_offsets":[0,8]}})",
       "has 8 bytes, not those of"},
      {R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", "should begin ']'"},
      {R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", "a whole number"},
      {R"({"a":{"dtype":"F32","shape":[2],"shape":[2]}})", "the next of dtype, shape and data_offsets"},
      {R"({"a":{"dtype":"F32","shape":[2]}})", "the next of dtype, shape and data_offsets"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}})", "the next of dtype"},
      {"{" + one + "} x", "only spaces behind"},
      {" {" + one + "}", "should begin '{'"},
      {"{" + one + ",}", "should begin '\"'"},
      {R"({"\ud800":{}})", "the first half of a pair"},
      {R"({"\u12":{}})", "an escape"},
      {"{\"a\nb\":{}}", "a letter of a text"},
      {R"({"a)", "should begin '\"'"},
      {std::string(1000000, '{'), "should begin '\"'"},
      {R"({"a":)" + std::string(1000000, '['), "should begin '{'"},
      {R"({"__metadata__":{"a":{}}})", "should begin '\"'"},
      {R"({"__metadata__":{},"__metadata__":{}})", "one __metadata__ only"},
  };
  for (const auto& each : table)
    BOOST_TEST(has(refused(each.header), each.sentence), each.header.substr(0, 99)
                                                             << " -> " << refused(each.header));
  BOOST_TEST(
      has(refused("{}", "", std::uint64_t{1} << 63), "its header would have 9223372036854775808 bytes"));
}
/// Records that lead to one compressed array again and again do not fill the memory.
BOOST_AUTO_TEST_CASE(hostile_archives) {
  const std::string good = bytes_of(folder() + "packed.npz"), path = scratch[1];
  const std::size_t end = good.size() - 22;
  const auto place = static_cast<std::size_t>(tg::detail::little_endian(good.data() + end + 16, 4));
  std::string record = good.substr(place, 46 + std::string_view("rows.npy").size()), table;
  BOOST_REQUIRE(record.ends_with("rows.npy"));
  record.replace(30, 2, std::string(2, '\0'));  // no further fields
  for (int k = 0; k < 100; ++k) {
    record[record.size() - 8] = static_cast<char>('!' + k % 90),
                           record[record.size() - 7] = static_cast<char>('0' + k / 90);
    table += record;
  }
  write_bytes(path, good.substr(0, place) + table + tg::detail::zip_end(100, table.size(), place));
  BOOST_TEST(has(refusal([&] { tg::tensor_file file(path); }), "does not lie in a place of its own"));
  std::remove(path.c_str());
}
/// A writer that is killed at any moment leaves a file that is whole, the old one or a new one.
BOOST_AUTO_TEST_CASE(killed_writers) {
  for (const std::string path : scratch) {
    std::vector<float> numbers(100000);
    const auto write = [&](float value) {
      std::fill(numbers.begin(), numbers.end(), value);
      tg::save_tensors(path, {{"a", {numbers.size()}, numbers}});
    };
    write(0);
    for (unsigned k = 1; k <= 8; ++k) {
      const pid_t writer = fork();
      if (writer == 0) {
        for (unsigned times = 0; times < 900; ++times) write(static_cast<float>(1000 * k + times));
        _exit(0);
      }
      // Whoever reads while it writes finds a whole file, too.
      const auto value = [&] {
        const auto read = tg::tensor_file(path).read<float>("a");
        BOOST_REQUIRE((read == std::vector<float>(numbers.size(), read.at(0))));
        return read[0];
      };
      while (value() < 1000.0f * static_cast<float>(k)) usleep(500);
      usleep(300 * k);
      kill(writer, SIGKILL);
      waitpid(writer, nullptr, 0);
      value();
    }
    std::remove(path.c_str()), std::remove((path + ".new").c_str());
  }
}
BOOST_AUTO_TEST_CASE(damaged_files) {
  for (const char* name : {"network.safetensors", "kinds.safetensors", "arrays.npz", "packed.npz"}) {
    const int refused =
        refused_damages(bytes_of(folder() + name), "tensor_file_damaged", 1500, [](const std::string& path) {
          tg::tensor_file file(path);
          for (const tg::tensor_entry& each : file.tensors())
            if (tg::detail::holds_all<double>(each.type)) file.read<double>(each.name);
        });
    BOOST_TEST_MESSAGE(name << ": " << refused << " of 1500 refused");
    BOOST_TEST(refused > 700);
  }
}
/// What tensor_files.py lets others read.
BOOST_AUTO_TEST_CASE(files_for_others, *boost::unit_test::disabled()) {
  const std::vector<float> numbers{0.5f, -1.25f, 3, 4, 5, 6};
  const std::vector<double> third{1 / 3.0}, two{2};
  const std::array<std::int64_t, 1> seven{7};
  const std::array<unsigned char, 2> bytes{1, 255};
  for (const char* name : {"ours.npz", "ours.safetensors"})
    tg::save_tensors(folder() + name, {{"float", {2, 3}, numbers},
                                       {"bytes", {2}, bytes},
                                       {"double", {1}, third},
                                       {"scalar", {}, seven},
                                       {"empty", {0, 3}, std::vector<float>{}},
                                       {"\xc3\xa9 \"q\"", {1}, two}});
}
