#!/usr/bin/env python3
"""The odd null rule of assembly/quad/range/kronrod.ts: weights N_k with sum N_k (f(t_k) - f(-t_k)) = 0 for all polynomials of degree 18, on the ten pairs of QK21's nodes.

They are divided differences in t^2 of f(t)/t, up to a factor; that is chosen so that the sum of their squares is that of the weights of K - G. K - G itself is,
up to a factor, the only even null rule of degree 19 on these nodes.
"""
from mpmath import mp, mpf, nstr, sqrt

mp.dps = 60
NODES = """0.995657163025808080735527280689003 0.973906528517171720077964012084452 0.930157491355708226001207180059508 0.865063366688984510732096688423493
0.780817726586416897063717578345042 0.679409568299024406234327365114874 0.562757134668604683339000099272694 0.433395394129247190799265943165784
0.294392862701460198131126602103866 0.14887433898163121088482600112972"""
KRONROD = """0.011694638867371874278064396062192 0.03255816230796472747881897245939 0.05475589657435199603138130024458 0.07503967481091995276704314091619
0.093125454583697605535065465083366 0.109387158802297641899210590325805 0.123491976262065851077958109585166 0.134709217311473325928054001771707
0.142775938577060080797094273138717 0.147739104901338491374841515972068 0.149445554002916905664936468389821"""
GAUSS = """0.066671344308688137593568809893332 0.149451349150580593145863397657697 0.219086362515982043995534934228163 0.269266719309996355091226921569469
0.295524224714752870173815619188769"""

nodes, kronrod, gauss = ([mpf(each) for each in text.split()] for text in (NODES, KRONROD, GAUSS))
difference = [kronrod[k] - (gauss[k // 2] if k % 2 else 0) for k in range(10)]
length = sqrt(2 * sum(each**2 for each in difference) + kronrod[10] ** 2)

weights = []
for k, node in enumerate(nodes):
    product = mpf(1)
    for other in nodes[:k] + nodes[k + 1 :]:
        product *= node**2 - other**2
    weights.append(1 / (node * product))
scale = length / sqrt(2 * sum(each**2 for each in weights))

for degree in range(1, 19, 2):
    assert abs(sum(w * scale * t**degree for w, t in zip(weights, nodes))) < mpf(10) ** -30
for weight in weights:
    print(nstr(weight * scale, 20))
