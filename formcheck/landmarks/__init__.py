"""Pictures become poses: models, estimator, who is followed, landmark tables."""
