"""Random modules of torch.nn, and calls of them."""


def module(o):
    pick = o.choose
    size = lambda: pick.choice([1, 2, 3, 4, 6])
    flag = lambda name, share=0.3: f", {name}={pick.choice(['True', 'False'])}" if o.chance(share) else ""
    c, out, n, d = pick.choice([2, 4, 6]), pick.choice([2, 4, 6]), size(), pick.choice([1, 2, 2, 3])
    space = tuple(pick.randint(4, 8) for _ in range(d))
    image = (n, c) + space if o.chance(0.85) else (c,) + space
    kernel = pick.choice([str(pick.randint(1, 3)), str(tuple(pick.randint(1, 3) for _ in range(d)))])
    stride = f", stride={pick.choice([1, 2, 2, 3])}" if o.chance(0.5) else ""
    pad = f", padding={pick.choice([0, 1, 1, 2])}" if o.chance(0.4) else ""
    dil = f", dilation={pick.choice([1, 2])}" if o.chance(0.3) else ""
    same = f", padding={pick.choice(['same', 'valid'])!r}" if o.chance(0.15) and not stride else pad
    group = f", groups={pick.choice([1, 2])}" if o.chance(0.3) else ""
    mode = f", padding_mode={pick.choice(['zeros', 'reflect', 'circular', 'replicate'])!r}" if o.chance(0.15) else ""
    h = pick.choice([1, 2])
    e, t, s, b = h * pick.choice([2, 3, 4]), size(), size(), pick.choice([1, 2, 3])
    first = flag("batch_first", 0.6)
    seq = lambda l, w: (b, l, w) if "True" in first else (l, b, w)
    flat = pick.choice([(n, c), (n, 3, c), (c,), (n, 2, 3, c)])
    act = pick.choice(["ReLU", "GELU", "SiLU", "Tanh", "Sigmoid", "ELU", "LeakyReLU", "Softplus", "Hardtanh", "ReLU6", "Hardswish", "Mish", "SELU", "CELU", "Softsign", "LogSigmoid", "Identity", "Tanhshrink", "Hardsigmoid", "Softshrink", "Hardshrink"])

    def lstm():
        kind, layers = pick.choice(["LSTM", "GRU", "RNN"]), pick.choice([1, 1, 2])
        proj = ", proj_size=2" if kind == "LSTM" and out > 2 and o.chance(0.2) else ""
        return f"nn.{kind}({c}, {out}, {layers}{first}{flag('bidirectional', 0.5)}{flag('bias', 0.2)}{proj})", [seq(t, c) if o.chance(0.85) else (t, c)], "f"

    def attention():
        kw = flag("bias", 0.2) + (", kdim=3, vdim=5" if o.chance(0.2) else "") + flag("add_bias_kv", 0.1) + flag("add_zero_attn", 0.1)
        k = 3 if "kdim" in kw else e
        v = 5 if "kdim" in kw else e
        o.call = (", need_weights=False" if o.chance(0.15) else "") + (", average_attn_weights=False" if o.chance(0.3) else "")
        return f"nn.MultiheadAttention({e}, {h}{kw}{first})", [seq(t, e), seq(s, k), seq(s, v)], "f"

    def encoder():
        layer = f"nn.TransformerEncoderLayer({e}, {h}, {size()}{first}{flag('norm_first', 0.3)}{', activation=' + repr(pick.choice(['relu', 'gelu'])) if o.chance(0.3) else ''})"
        made = layer if o.chance(0.5) else f"nn.TransformerEncoder({layer}, {pick.choice([1, 2])}{f', norm=nn.LayerNorm({e})' if o.chance(0.3) else ''})"
        return made, [seq(t, e)], "f"

    def decoder():
        layer = f"nn.TransformerDecoderLayer({e}, {h}, {size()}{first})"
        made = layer if o.chance(0.5) else f"nn.TransformerDecoder({layer}, {pick.choice([1, 2])})"
        return made, [seq(t, e), seq(s, e)], "f"

    pool = pick.choice(["MaxPool", "AvgPool", "AdaptiveAvgPool", "AdaptiveMaxPool", "LPPool"])

    def pooling():
        if pool.startswith("Adaptive"):
            return f"nn.{pool}{d}d({pick.choice([str(pick.randint(1, 4)), str(tuple(pick.randint(1, 4) for _ in range(d)))] + (['(None, 2)'] if d == 2 else []))})", [image], "f"
        if pool == "LPPool":
            return f"nn.LPPool{min(d, 2)}d(2, 2)", [image], "f"
        return f"nn.{pool}{d}d({kernel}{stride}{pad}{dil if pool == 'MaxPool' else flag('count_include_pad')}{flag('ceil_mode', 0.4)}{flag('return_indices', 0.1) if pool == 'MaxPool' else ''})", [image], "f"

    kinds = [
        lambda: (f"nn.Linear({c}, {out}{flag('bias')})", [flat], "f"), lambda: (f"nn.Bilinear({c}, {out}, 3{flag('bias')})", [flat, flat[:-1] + (out,)], "f"),
        lambda: (f"nn.Conv{d}d({c}, {out}, {kernel}{stride}{same}{dil}{group}{flag('bias')}{mode})", [image], "f"), lambda: (f"nn.Conv{d}d({c}, {out}, {kernel}{stride}{same}{dil}{group})", [image], "f"),
        lambda: (f"nn.ConvTranspose{d}d({c}, {out}, {kernel}{stride}{pad}{', output_padding=1' if o.chance(0.2) else ''}{group}{dil}{flag('bias')})", [image], "f"),
        pooling, pooling, lambda: (f"nn.BatchNorm{d}d({c}{flag('affine')}{flag('track_running_stats')})", [(n + 1, c) + space], "f"), lambda: (f"nn.InstanceNorm{d}d({c}{flag('affine')}{flag('track_running_stats', 0.2)})", [image], "f"),
        lambda: (f"nn.GroupNorm({pick.choice([1, 2])}, {c}{flag('affine')})", [image], "f"), lambda: (f"nn.LayerNorm({pick.choice([str(c), f'[3, {c}]', f'({c},)'])}{', elementwise_affine=False' if o.chance(0.2) else ''})", [(n, 3, c)], "f"),
        lambda: (f"nn.Embedding(9, {out}{', padding_idx=0' if o.chance(0.2) else ''})", [pick.choice([(n,), (n, 3), ()])], "i"), lambda: (f"nn.EmbeddingBag(9, {out}{', mode=' + repr(pick.choice(['sum', 'mean', 'max'])) if o.chance(0.5) else ''})", [(n, 3)], "i"),
        lstm, lstm, attention, attention, encoder, decoder, lambda: (f"nn.{pick.choice(['LSTMCell', 'GRUCell', 'RNNCell'])}({c}, {out}{flag('bias', 0.2)})", [(n, c) if o.chance(0.8) else (c,)], "f"),
        lambda: (f"nn.Upsample(scale_factor={pick.choice(['2', '1.5', '0.5', '3'])}{', mode=' + repr(pick.choice(['nearest', ['linear', 'bilinear', 'trilinear'][d - 1]])) if o.chance(0.4) else ''})", [(n, c) + space], "f"), lambda: (f"nn.Upsample(size={pick.choice(['5', str(tuple(range(3, 3 + d)))])})", [(n, c) + space], "f"),
        lambda: (f"nn.Unfold({pick.randint(1, 3)}{stride}{pad}{dil})", [(n, c, 6, 5)], "f"), lambda: ("nn.Fold((4, 5), 2)", [(n, c * 4, 12)], "f"), lambda: (f"nn.Fold(4, 2, stride=2)", [(n, c * 4, 4)], "f"),
        lambda: ("nn.PixelShuffle(2)", [(n, 8, 3, 4)], "f"), lambda: ("nn.PixelUnshuffle(2)", [(n, 2, 6, 4)], "f"), lambda: (f"nn.Flatten({pick.choice(['', '0', '1, 2', 'start_dim=2', '-2'])})", [(n, 2, 3, 4)], "f"), lambda: (f"nn.Unflatten({pick.choice(['1, (2, 3)', '-1, (2, -1)', '1, (3, -1)'])})", [(n, 6)], "f"),
        lambda: (f"nn.{act}()", [image], "f"), lambda: (f"nn.{pick.choice(['Softmax', 'LogSoftmax', 'Softmin'])}(dim={pick.randint(-1, 1)})", [flat], "f"), lambda: (f"nn.GLU({pick.choice(['', 'dim=1', '0'])})", [(n, c)], "f"), lambda: (f"nn.PReLU({pick.choice(['', str(c)])})", [image], "f"),
        lambda: (f"nn.{pick.choice(['ReflectionPad', 'ReplicationPad'])}{d}d({pick.choice(['1', str(tuple(pick.randint(0, 2) for _ in range(2 * d)))])})", [image], "f"), lambda: (f"nn.ConstantPad{d}d({pick.randint(-1, 2)}, 1.5)", [image], "f"), lambda: ("nn.ZeroPad2d((1, 0, 2, 1))", [(n, c, 3, 4)], "f"),
        lambda: (f"nn.Sequential(nn.Linear({c}, {out}), nn.{act}(), nn.Linear({out}, 3{flag('bias')}))", [flat], "f"), lambda: (f"nn.Sequential(nn.Conv2d({c}, {out}, 3), nn.BatchNorm2d({out}), nn.ReLU(inplace=True), nn.Flatten())", [(n, c, 5, 4)], "f"),
        lambda: (f"nn.Dropout(0.5).eval()", [image], "f"), lambda: (f"nn.{pick.choice(['MSELoss', 'L1Loss', 'SmoothL1Loss', 'BCEWithLogitsLoss', 'HuberLoss', 'KLDivLoss'])}({pick.choice(['', 'reduction=' + repr(pick.choice(['sum', 'none', 'mean']))])})", [image, image], "f"), lambda: (f"nn.CosineSimilarity({pick.choice(['', 'dim=0', 'dim=-1'])})", [(n, c), (n, c)], "f"),
        lambda: (f"nn.Transformer({e}, {h}, 1, 1, 4{first})", [seq(t, e), seq(s, e)], "f"), lambda: (f"nn.LocalResponseNorm(2)", [(n, c) + space], "f"), lambda: ("nn.ChannelShuffle(2)", [(n, c, 3, 4)], "f"),
    ]
    o.call = ""
    text, shapes, kind = pick.choice(kinds)()
    if o.chance(0.05):
        shapes = [o.shape() for _ in shapes]
    name = f"m{o.at}"
    dtype = "int64" if kind == "i" else "float32" if o.chance(0.93) else pick.choice(["float64", "int64", "float16"])
    inputs = [o.tensor(shape, dtype=dtype, plain=True) for shape in shapes]
    if kind == "i":
        o.lines[-1] += ".abs() % 9"
    o.lines.insert(0, "torch.manual_seed(0)")
    o.lines.append(f"{name} = {text}")
    if o.chance(0.15):
        o.lines.append(f"{name} = {name}.{pick.choice(['eval', 'double', 'half', 'train', 'float'])}()")
    o.after = [f"r{o.at}_p = np.array([len(list({name}.parameters())), sum(p.numel() for p in {name}.parameters()), len({name}.state_dict())])", f"r{o.at}_k = np.array([ord(c) for c in ' '.join({name}.state_dict())] + [0])", f"r{o.at}_q = np.array([s for p in {name}.state_dict().values() for s in tuple(p.shape) + (-1,)] + [0])"]
    if pick.random() < 0.5:
        o.after += [f"r{o.at}_t{k} = r{o.at}[{k}]" for k in (0, 1)] + [f"r{o.at}_t1{k} = r{o.at}[1][{k}]" for k in (0, 1)]
    else:
        o.after += [f"r{o.at}_w{k} = list({name}.parameters())[{k}].detach()" for k in (0, 1)]
    return f"{name}({', '.join(inputs)}{o.call})"
