/** Compiling and testing code. */
import type { Task } from '../task.ts';

const build = { area: 'builds', profile: 'developer-agent' } as const;

const library = String.raw`
mkdir -p work/src work/include work/test && cd work
printf 'int add(int a, int b);\n' >include/add.h
printf '#include "add.h"\nint add(int a, int b) { return a + b; }\n' >src/add.c
printf '#include <stdio.h>\n#include "add.h"\nint main(void) { printf("%%d\\n", add(2, 3)); return 0; }\n' >src/main.c
printf '#include <assert.h>\n#include "add.h"\nint main(void) { assert(add(2, 2) == 4); return 0; }\n' >test/check.c
`;

export const builds: readonly Task[] = [
  {
    ...build,
    name: 'make',
    title: 'a C program with a static library and a test, `make -j2`, `make install` into the workspace',
    needs: ['make', 'gcc', 'ar'],
    setUp: String.raw`cd ~; ${library}
cat >Makefile <<'END'
CFLAGS = -O2 -Wall -Iinclude
all: app
libadd.a: src/add.o
	$(AR) rcsD $@ $^
app: src/main.o libadd.a
	$(CC) -o $@ $^
check: test/check.o libadd.a app
	$(CC) -o run-check test/check.o libadd.a && ./run-check && ./app | grep -qx 5
install: app
	install -D app $(DESTDIR)/bin/app
clean:
	rm -f src/*.o libadd.a
END`,
    run: {
      sh: 'make -s -j2 && make -s check && make -s install DESTDIR="$PWD/out" && make -s clean && ./out/bin/app',
    },
    leaves: ['work/out/bin/app', 'work/run-check'],
  },
  {
    ...build,
    name: 'cmake',
    title: 'configure, build and ctest with make',
    needs: ['cmake', 'make', 'gcc'],
    setUp: String.raw`cd ~; ${library}
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.13)
project(add C)
enable_testing()
add_library(add src/add.c)
target_include_directories(add PUBLIC include)
add_executable(app src/main.c)
target_link_libraries(app add)
add_executable(check test/check.c)
target_link_libraries(check add)
add_test(NAME check COMMAND check)
END`,
    run: {
      sh: 'cmake -S . -B build >/dev/null && cmake --build build -j2 >/dev/null && cd build && ctest -Q && ./app',
    },
    leaves: ['work/build/app', 'work/build/Testing/Temporary/LastTest.log'],
    varies: [
      'work/build/Testing/**',
      'work/build/CMakeFiles/*.log',
      'work/build/CMakeFiles/*.yaml',
      'work/build/CMakeCache.txt',
      'work/build/**/*.a',
    ],
    ignores: ['work/build/CMakeFiles/*/CompilerIdC/**'],
  },
  {
    ...build,
    name: 'ninja',
    title: 'the same with ninja, as a shared library that is installed',
    needs: ['cmake', 'ninja', 'gcc'],
    setUp: String.raw`cd ~; ${library}
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.13)
project(add C)
add_library(add SHARED src/add.c)
target_include_directories(add PUBLIC include)
add_executable(app src/main.c)
target_link_libraries(app add)
install(TARGETS add app)
END`,
    run: {
      sh: 'cmake -G Ninja -S . -B build -DCMAKE_INSTALL_PREFIX="$PWD/out" >/dev/null && ninja -C build install >/dev/null && LD_LIBRARY_PATH=out/lib out/bin/app',
    },
    leaves: ['work/out/bin/app', 'work/out/lib/libadd.so'],
    varies: [
      'work/build/.ninja_*',
      'work/build/CMakeFiles/*.log',
      'work/build/CMakeFiles/*.yaml',
      'work/build/CMakeCache.txt',
    ],
    ignores: ['work/build/CMakeFiles/*/CompilerIdC/**'],
  },
  {
    ...build,
    name: 'cxx',
    title: 'C++ with threads, a precompiled header and a sanitizer',
    needs: ['g++'],
    setUp: String.raw`printf '#include <map>\n#include <string>\n#include <thread>\n#include <vector>\n#include <iostream>\n' >all.h
cat >main.cc <<'END'
#include "all.h"
int main() {
  std::map<std::string, int> m;
  std::vector<std::thread> ts;
  int sums[4] = {};
  for (int t = 0; t < 4; t++) ts.emplace_back([&, t] { for (int i = 0; i < 1000; i++) sums[t] += i; });
  for (auto& t : ts) t.join();
  for (int t = 0; t < 4; t++) m["t" + std::to_string(t)] = sums[t];
  for (auto& [k, v] : m) std::cout << k << ' ' << v << '\n';
}
END`,
    run: {
      sh: 'g++ -std=c++17 -x c++-header all.h -o all.h.gch && g++ -std=c++17 -pthread main.cc -o main && ./main && g++ -std=c++17 -g -fsanitize=undefined -pthread main.cc -o checked && ./checked',
    },
    leaves: ['work/main', 'work/checked', 'work/all.h.gch'],
    varies: ['work/all.h.gch', 'work/main', 'work/checked'],
  },
  {
    ...build,
    name: 'dlopen',
    title: 'a plug-in that is built, loaded with dlopen and read with nm, objdump and strip',
    needs: ['gcc', 'nm', 'objdump', 'strip'],
    setUp: String.raw`printf 'int answer(void) { return 42; }\n' >plug.c
cat >host.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(void) {
  void *h = dlopen("./plug.so", RTLD_NOW);
  int (*f)(void) = (int (*)(void))dlsym(h, "answer");
  printf("%d\n", f());
  return 0;
}
END`,
    run: {
      sh: 'gcc -shared -fPIC plug.c -o plug.so && gcc host.c -o host -ldl && ./host && nm -D plug.so | grep answer && objdump -d plug.so | grep -c ret && strip host && ./host',
    },
    leaves: ['work/plug.so', 'work/host'],
  },
  {
    ...build,
    name: 'configure',
    title: 'a configure script that probes compiler and headers, with a VPATH build',
    needs: ['gcc', 'make', 'sed'],
    setUp: String.raw`cat >configure <<'END'
#!/bin/sh
set -e
CC="$CC"; [ -n "$CC" ] || CC=gcc
for h in stdio.h unistd.h sys/nothing.h linux/landlock.h; do
  printf '#include <%s>\nint main(void) { return 0; }\n' $h >conftest.c
  if $CC -o conftest conftest.c 2>>config.log && ./conftest; then echo "#define HAVE_$(echo $h | tr a-z/. A-Z__) 1"; fi
done >config.h
rm -f conftest conftest.c
sed "s|@CC@|$CC|; s|@SRC@|$(dirname "$0")|" "$(dirname "$0")/Makefile.in" >Makefile
END
chmod +x configure
printf 'VPATH = @SRC@\nprog: prog.o\n\t@CC@ -o $@ $^\nprog.o: prog.c config.h\n\t@CC@ -I. -c -o $@ $<\n' >Makefile.in
printf '#include "config.h"\n#include <stdio.h>\nint main(void) { puts("built"); return 0; }\n' >prog.c`,
    run: { sh: 'mkdir b && cd b && ../configure && make -s && ./prog && cat config.h' },
    leaves: ['work/b/prog', 'work/b/config.h', 'work/b/config.log'],
    varies: ['work/b/config.log'],
  },
  {
    ...build,
    name: 'go',
    title: 'a Go module: vet, test, build',
    needs: ['go'],
    setUp: String.raw`mkdir -p sum ~/.config/go/telemetry
printf 'module example.org/app\n\ngo 1.21\n' >go.mod
printf 'package sum\n\nfunc Sum(xs ...int) (s int) {\n\tfor _, x := range xs {\n\t\ts += x\n\t}\n\treturn\n}\n' >sum/sum.go
printf 'package sum\n\nimport "testing"\n\nfunc TestSum(t *testing.T) {\n\tif Sum(1, 2, 3) != 6 {\n\t\tt.Fatal("wrong")\n\t}\n}\n' >sum/sum_test.go
printf 'package main\n\nimport (\n\t"fmt"\n\n\t"example.org/app/sum"\n)\n\nfunc main() { fmt.Println(sum.Sum(1, 2, 3)) }\n' >main.go`,
    run: { sh: 'gofmt -l . && go vet ./... && go test ./... >/dev/null && go build -o app . && ./app' },
    leaves: ['work/app'],
    ignores: ['.config/go/**'],
  },
  {
    ...build,
    name: 'java',
    title: 'compile, pack into a jar, run with assertions',
    needs: ['javac', 'java', 'jar'],
    setUp: String.raw`mkdir -p src/org/example
cat >src/org/example/Main.java <<'END'
package org.example;
import java.nio.file.*;
import java.util.stream.*;
public class Main {
  public static void main(String[] a) throws Exception {
    int n = IntStream.rangeClosed(1, 100).parallel().sum();
    assert n == 5050;
    Files.writeString(Path.of("sum.txt"), n + "\n");
    System.out.println(n);
  }
}
END`,
    run: {
      sh: 'javac -d classes src/org/example/Main.java && jar --create --file app.jar --date 2023-11-14T00:00:00Z --main-class org.example.Main -C classes . && java -ea -jar app.jar',
    },
    leaves: ['work/app.jar', 'work/sum.txt'],
    ignores: ['.java/**', '.java'],
  },
  {
    ...build,
    name: 'rust',
    title: 'cargo new, test and build',
    needs: ['cargo', 'rustc'],
    run: { sh: 'cargo new -q app --vcs none && cd app && cargo test -q >/dev/null && cargo run -q' },
    leaves: ['work/app/target/debug/app'],
    ignores: ['work/app/target/**'],
  },
  {
    ...build,
    name: 'python-extension',
    title: 'a C extension for Python, built with gcc and imported',
    needs: ['gcc', 'python3-config', 'python3'],
    setUp: String.raw`cat >fast.c <<'END'
#include <Python.h>
static PyObject *twice(PyObject *s, PyObject *a) { long n = PyLong_AsLong(a); return PyLong_FromLong(2 * n); }
static PyMethodDef methods[] = {{"twice", twice, METH_O, ""}, {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "fast", 0, -1, methods};
PyMODINIT_FUNC PyInit_fast(void) { return PyModule_Create(&def); }
END`,
    run: {
      sh: 'gcc -shared -fPIC $(python3-config --includes) fast.c -o "fast$(python3-config --extension-suffix)" && python3 -c "import fast; print(fast.twice(21))"',
    },
    leaves: ['work/fast.c'],
  },
  {
    ...build,
    name: 'debian-package',
    title: 'a Debian package is built and looked into',
    needs: ['dpkg-deb'],
    setUp: String.raw`mkdir -p pkg/DEBIAN pkg/usr/bin; chmod -R 755 pkg
printf '#!/bin/sh\necho hello\n' >pkg/usr/bin/hello-x; chmod 755 pkg/usr/bin/hello-x
printf 'Package: hello-x\nVersion: 1.0\nArchitecture: all\nMaintainer: A. Person <person@example.org>\nDescription: says hello\n' >pkg/DEBIAN/control`,
    run: {
      sh: 'dpkg-deb --root-owner-group --build pkg hello.deb >/dev/null && dpkg-deb -I hello.deb | grep Package && dpkg-deb -x hello.deb out && out/usr/bin/hello-x && dpkg -s bash | grep -c Status',
    },
    leaves: ['work/hello.deb', 'work/out/usr/bin/hello-x'],
    varies: ['work/hello.deb'],
  },
];
