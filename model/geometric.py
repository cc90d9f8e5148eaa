"""What we use of torch_geometric, imported in one place because its import warns."""

import warnings

with warnings.catch_warnings():
    # torch_geometric 2.8 calls torch.jit.script, deprecated since torch 2.10, when it is imported
    warnings.filterwarnings("ignore", message=".*torch.jit.script.*", category=FutureWarning)
    warnings.filterwarnings("ignore", message=".*torch.jit.script.*", category=DeprecationWarning)
    from torch_geometric.data import HeteroData
    from torch_geometric.nn import MessagePassing, SimpleConv
    from torch_geometric.utils import degree, softmax

__all__ = ["HeteroData", "MessagePassing", "SimpleConv", "degree", "softmax"]
