import logging

import pytest
import torch

from graph.errors import InputError
from model.training import TrainingPlan, train

X = torch.linspace(-1, 1, 32)[:, None]
BATCHES = [(x, 3 * x + 1) for x in X.split(8)]


def line():
    torch.manual_seed(0)
    return torch.nn.Linear(1, 1)


def squared_error(model):
    return lambda batch: (model(batch[0]) - batch[1]).square().mean()


def test_a_line_is_learned_and_every_pass_is_told(capfd):
    model, told = line(), []
    plan = TrainingPlan(max_epochs=60, learning_rate=0.1, weight_decay=0)
    epochs = train(
        model,
        squared_error(model),
        batches=BATCHES,
        plan=plan,
        progress=lambda message, fraction=None: told.append((message, fraction)),
    )
    assert model.weight.item() == pytest.approx(3, abs=0.05)
    assert model.bias.item() == pytest.approx(1, abs=0.05)
    assert len(epochs) == len(told) == 60
    assert told[-1][1] == 1
    assert epochs[0].held_out is None
    assert capfd.readouterr() == ("", "")


def test_the_best_weights_are_kept_and_training_stops():
    model = line()
    wrong = [(X, -3 * X)]  # what is learned makes the held-out loss worse
    start = squared_error(model)(wrong[0]).item()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    plan = TrainingPlan(max_epochs=50, learning_rate=0.3, patience=2)
    epochs = train(model, squared_error(model), batches=BATCHES, held_out=wrong, plan=plan)
    assert len(epochs) == 2
    assert min(epoch.held_out for epoch in epochs) > start
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_a_loss_that_is_not_finite_is_an_error():
    model = line()
    plan = TrainingPlan(max_epochs=2, learning_rate=0.1)
    with pytest.raises(InputError, match="nan"):
        train(model, lambda batch: model(batch[0]).sum() * torch.nan, batches=BATCHES, plan=plan)


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    level = logging.getLogger("lightning.pytorch").level
    model = line()
    train(model, squared_error(model), batches=BATCHES, plan=TrainingPlan(max_epochs=1, learning_rate=0.1))
    assert list(tmp_path.iterdir()) == []
    assert logging.getLogger("lightning.pytorch").level == level
    assert not model.training
