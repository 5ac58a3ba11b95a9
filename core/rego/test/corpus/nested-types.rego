package test

# Each rule holds the one before ten times: as a type it must not grow with every step.
a0 := [input.x, input.x]
a1 := [a0, a0, a0, a0, a0, a0, a0, a0, a0, a0]
a2 := [a1, a1, a1, a1, a1, a1, a1, a1, a1, a1]
a3 := [a2, a2, a2, a2, a2, a2, a2, a2, a2, a2]
a4 := [a3, a3, a3, a3, a3, a3, a3, a3, a3, a3]
a5 := [a4, a4, a4, a4, a4, a4, a4, a4, a4, a4]
a6 := [a5, a5, a5, a5, a5, a5, a5, a5, a5, a5]
a7 := [a6, a6, a6, a6, a6, a6, a6, a6, a6, a6]
a8 := [a7, a7, a7, a7, a7, a7, a7, a7, a7, a7]
a9 := [a8, a8, a8, a8, a8, a8, a8, a8, a8, a8]
p := count(json.marshal(a9))
q if { x0 := [1, 2]; x1 := [x0, x0, x0, x0, x0, x0, x0, x0, x0, x0]; x2 := [x1, x1, x1, x1, x1, x1, x1, x1, x1, x1]; x3 := [x2, x2, x2, x2, x2, x2, x2, x2, x2, x2]; x4 := [x3, x3, x3, x3, x3, x3, x3, x3, x3, x3]; x5 := [x4, x4, x4, x4, x4, x4, x4, x4, x4, x4]; x6 := [x5, x5, x5, x5, x5, x5, x5, x5, x5, x5]; x7 := [x6, x6, x6, x6, x6, x6, x6, x6, x6, x6]; x8 := [x7, x7, x7, x7, x7, x7, x7, x7, x7, x7]; x9 := [x8, x8, x8, x8, x8, x8, x8, x8, x8, x8]; count(x9) == 10 }
