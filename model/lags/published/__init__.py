"""The published model of lags (TMO) and the checks by which it was judged, to stand beside ours."""
